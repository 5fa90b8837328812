/** Names of the providers, the first of which is meant unless another is named. Quick to load: help and config need it. */
export const providerNames = ['qemu', 'vagrant'] as const;
