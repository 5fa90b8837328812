/** Serves the folder of a run to a browser of this host: the page, and the files that it links to. */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

/** What a browser shows is text, unless it is one of these. */
const types: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.json': 'application/json',
	'.xml': 'application/xml',
	'.svg': 'image/svg+xml',
	'.pcapng': 'application/octet-stream',
};

/**
 * Makes the server; the caller lets it listen on loopback. It answers only to names of this host, so that a page from elsewhere
 * cannot read the run by a name that it points here, and serves no file outside of the folder.
 */
export function createPageServer(folder: string): http.Server {
	const root = fs.realpathSync(folder);
	return http.createServer((request, response) => {
		const answer = (status: number, text: string) =>
			response.writeHead(status, {'content-type': 'text/plain; charset=utf-8'}).end(`${text}\n`);
		if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
			answer(403, 'This server answers only to 127.0.0.1 and localhost.');
		} else if (request.method !== 'GET' && request.method !== 'HEAD') {
			answer(405, 'Files of a run are only read.');
		} else {
			const file = fileFor(root, request.url ?? '/');
			if (file === undefined) {
				answer(404, 'The run has no such file.');
				return;
			}

			const type = types[path.extname(file)] ?? 'text/plain; charset=utf-8';
			const size = fs.statSync(file).size;
			response.writeHead(200, {'content-type': type, 'content-length': size, 'x-content-type-options': 'nosniff'});
			if (request.method === 'HEAD' || size === 0) {
				response.end();
			} else {
				// A console may grow while it is read.
				fs.createReadStream(file, {end: size - 1})
					.on('error', () => response.destroy())
					.pipe(response);
			}
		}
	});
}

/** Returns the file that a path means; undefined if it is none, or if it is outside of the folder, also by a link. */
function fileFor(root: string, url: string): string | undefined {
	try {
		const name = decodeURIComponent(new URL(`http://localhost${url}`).pathname);
		const file = fs.realpathSync(path.join(root, name === '/' ? 'index.html' : name));
		return file.startsWith(`${root}${path.sep}`) && fs.statSync(file).isFile() ? file : undefined;
	} catch {
		return undefined;
	}
}
