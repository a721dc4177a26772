# The lines of scripts/bench as tables for people.

BEGIN {
	FS = "\t"
	printf "binary: %.1f KiB\n", size / 1024
}

# The word for what is counted, and its number.
function title() {
	if ($1 == "default")
		return "default plan"
	if ($1 == "network")
		return "with a network namespace"
	if ($1 == "copied")
		return "tmpcopyup of " $2 " small files"
	if ($1 == "masks")
		return $2 " masked files more"
	if ($1 == "peers")
		return "peers, default plan"
	if ($1 == "reaper")
		return "a reaper in front of a program"
	if ($1 == "orphans")
		return $2 " orphans, reaped"
	return ($1 == "binds" ? "" : "peers, ") $2 " binds more"
}

# What was not looked at is below zero.
function known(number) {
	return number < 0 ? "-" : number
}

function spread(ratio, low, high) {
	return sprintf("%5.2f [%.2f-%.2f]", ratio, low, high)
}

$1 "," $2 != last {
	last = $1 "," $2
	printf "\n%s (%d runs)\n", title(), $3
	if ($1 ~ /^peers/)
		printf "%-17s %9s %21s %18s  %9s %9s\n", "",
			"us", "quartiles", "ratio", "of all us", "ratio"
	else
		printf "%-17s %9s %21s %18s %9s %18s %6s %5s %6s %9s %7s\n",
			"", "us", "quartiles", "ratio", "CPU us", "ratio",
			"calls", "KiB", "faults", "each: us", "CPU us"
}

{
	printf "%-17s %9.0f %21s %18s", $4, $5,
		sprintf("%.0f-%.0f", $6, $7), spread($8, $9, $10)
	if ($1 ~ /^peers/) {
		printf "  %9.0f %9.2f\n", $14, $11
		next
	}
	printf " %9.0f %18s %6s %5s %6d", $14, spread($11, $12, $13),
		known($15), known($16), $17
	if ($1 == "default") {
		time[$4] = $5
		cpu[$4] = $14
	}
	if ($2 > 0 && $4 in time)
		printf " %9.2f %7.2f", ($5 - time[$4]) / $2,
			($14 - cpu[$4]) / $2
	print ""
}
