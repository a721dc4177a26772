# The lines of scripts/bench as one JSON object.

function value(name, number) {
	return number < 0 ? "" : ", \"" name "\": " number
}

BEGIN {
	FS = "\t"
	printf "{\n\t\"binary\": %d,\n\t\"series\": [", size
}

{
	printf "%s\n\t\t{\"series\": \"%s\", \"count\": %d, \"runs\": %d, ",
		(NR > 1 ? "," : ""), $1, $2, $3
	printf "\"subject\": \"%s\", \"microseconds\": %s, ", $4, $5
	printf "\"quartiles\": [%s, %s], \"ratio\": %s, ", $6, $7, $8
	printf "\"ratio_interval\": [%s, %s]", $9, $10
	second = $1 ~ /^peers/ ? "since_spawn" : "cpu"
	printf ", \"%s\": %s, \"%s_ratio\": %s", second, $14, second, $11
	printf "%s%s%s}", value("calls", $15), value("peak_kib", $16),
		value("faults", $17)
}

END {
	printf "\n\t]\n}\n"
}
