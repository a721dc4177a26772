# What it costs over the number of mounts, as SVG: both axes logarithmic.

BEGIN {
	FS = "\t"
	width = 720; height = 480; left = 80; bottom = 60; top = 30; right = 150
	split("#1b6ca8 #c0392b #27913f #b8860b #7d3c98 #555555", colours, " ")
}

function log10(number) {
	return log(number) / log(10)
}

function x_of(mounts) {
	return left + (width - left - right) * \
		log10(mounts / 10) / log10(largest / 10)
}

function y_of(time) {
	return height - bottom - (height - bottom - top) * \
		(log10(time) - lowest) / (highest - lowest)
}

function text(x, y, anchor, words) {
	printf "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">%s</text>\n",
		x, y, anchor, words
}

function line(x1, y1, x2, y2) {
	printf "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#ddd\"/>\n",
		x1, y1, x2, y2
}

$1 ~ /binds$/ {
	# shim and floor are in both; once is enough
	if ($1 == "peers-binds" && ($4 in plain))
		next
	if ($1 == "binds")
		plain[$4]
	if (!($4 in order)) {
		order[$4] = ++subjects
		names[subjects] = $4
	}
	points[$4] = points[$4] " " $2 " " $5
	if ($2 > largest)
		largest = $2
	if (!least || $5 < least)
		least = $5
	if ($5 > most)
		most = $5
}

END {
	if (!largest)
		exit
	lowest = int(log10(least))
	highest = int(log10(most)) + 1
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" " \
		"height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
		width, height
	print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
	for (at = lowest; at <= highest; at++) {
		line(left, y_of(10 ^ at), width - right, y_of(10 ^ at))
		text(left - 8, y_of(10 ^ at) + 4, "end", 10 ^ at / 1000 " ms")
	}
	for (at = 10; at <= largest; at *= 10) {
		line(x_of(at), top, x_of(at), height - bottom)
		text(x_of(at), height - bottom + 18, "middle", at)
	}
	text((left + width - right) / 2, height - 15, "middle",
		"bind mounts beyond the default plan")
	text(left, 18, "start", "clone(2) to the target's execve(2)")
	for (s = 1; s <= subjects; s++)
		curve(s)
	print "</svg>"
}

function curve(s,	count, i, words, colour) {
	count = split(points[names[s]], words, " ")
	colour = colours[(s - 1) % 6 + 1]
	printf "<g stroke=\"%s\" fill=\"none\"><path d=\"", colour
	for (i = 1; i < count; i += 2)
		printf "%s%.1f %.1f", (i > 1 ? "L" : "M"), x_of(words[i]),
			y_of(words[i + 1])
	printf "\"/>\n"
	for (i = 1; i < count; i += 2)
		printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n",
			x_of(words[i]), y_of(words[i + 1])
	print "</g>"
	printf "<text x=\"%.0f\" y=\"%.0f\" fill=\"%s\">%s</text>\n",
		width - right + 12, top + 18 * s, colour, names[s]
}
