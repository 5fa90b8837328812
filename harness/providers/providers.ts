/** Where machines can come from: a provider is a row here and a file beside. */
import type {ProviderName} from '../model/index.ts';
import type {Provider} from './provider.ts';
import {qemuProvider} from './qemu/provider.ts';
import {vagrantProvider} from './vagrant/provider.ts';

export const providers: Record<ProviderName, Provider> = {
	qemu: qemuProvider,
	vagrant: vagrantProvider,
};
