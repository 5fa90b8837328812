/**
 * Node's http. Not by `import`: that reads every export of the module, and to read `WebSocket` loads a client of HTTP that is not
 * needed here, which takes a process longer than to start (Node 24, lib/http.js, the getters at its end).
 */
export const http: typeof import('node:http') = process.getBuiltinModule('node:http');
