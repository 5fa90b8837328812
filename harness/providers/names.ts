/** Names of the providers; the first is the default. This file is quick to load, because help and config need it. */
export const providerNames = ['qemu', 'vagrant', 'container'] as const;

/** Providers whose machines have no kernel of their own. Without --kernel, a cell has the kernel of their host. */
export const onHostKernel: readonly string[] = ['container'] satisfies (typeof providerNames)[number][];
