/** Cases that pass on dbus-daemon and not on yard-busd, each with the reason why that is right. */
export const knownDifferences: readonly { program: string; case: string; reason: string }[] = [];
