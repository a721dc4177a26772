# Of a container, of the shim itself, and one that this may leave its own for.
profile box flags=(attach_disconnected) {
	/** rwmix,
	deny /secret rw,
	capability,
	signal,
	unix,
}

profile outer flags=(attach_disconnected) {
	/** rwmix,
	deny /private rw,
	capability,
	mount,
	remount,
	umount,
	pivot_root,
	signal,
	unix,
	change_profile -> &box,
	change_profile -> free,
}

profile free flags=(attach_disconnected) {
	/** rwmix,
	capability,
	signal,
	unix,
}
