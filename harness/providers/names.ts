/** Names of the providers, the first of which is meant unless another is named. Quick to load: help and config need it. */
export const providerNames = ['qemu', 'vagrant', 'container'] as const;

/** Those whose machines have no kernel of their own: without --kernel they run on that of their host. */
export const onHostKernel: readonly string[] = ['container'] satisfies (typeof providerNames)[number][];
