/** Flags of RequestName. */
export const NameFlag = { allowReplacement: 1, replaceExisting: 2, doNotQueue: 4 } as const;

/** What RequestName answers. */
export const RequestNameReply = { primaryOwner: 1, inQueue: 2, exists: 3, alreadyOwner: 4 } as const;

/** What ReleaseName answers. */
export const ReleaseNameReply = { released: 1, nonExistent: 2, notOwner: 3 } as const;
