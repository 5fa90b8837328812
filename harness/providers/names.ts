/** Names of the providers. The first is the default. This file is quick to load, because help and config need it. */
export const providerNames = ['qemu', 'vagrant'] as const;
