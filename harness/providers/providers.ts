/** The table of providers. Each has a row here, a name in names.ts and a folder beside this file. */
import {containerProvider} from './container/provider.ts';
import type {providerNames} from './names.ts';
import type {Provider} from './provider.ts';
import {qemuProvider} from './qemu/provider.ts';
import {vagrantProvider} from './vagrant/provider.ts';

const rows: Record<(typeof providerNames)[number], Provider> = {
	qemu: qemuProvider,
	vagrant: vagrantProvider,
	container: containerProvider,
};

export const providers: Providers = rows;

/** Providers by their names. */
export type Providers = Readonly<Record<string, Provider>>;
