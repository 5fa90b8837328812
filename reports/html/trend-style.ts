/** What the page of trends has besides the style of all pages. */
export const trendStyle = `
.trend{margin-top:14px;border:1px solid var(--line);border-radius:10px;background:var(--paper);padding:10px 14px;content-visibility:auto;contain-intrinsic-size:auto 46px}
.trend[open]{contain-intrinsic-size:auto 320px}
.trend summary{cursor:pointer;overflow-wrap:anywhere}
.trend summary:focus-visible,.wide:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.trend .wide{margin-top:12px}
.sign.passed{color:var(--passed)}.sign.failed{color:var(--failed)}.sign.broken{color:var(--broken)}.sign.known{color:var(--known)}.sign.skipped,.box.skipped{color:var(--soft)}
.field+.field{margin-top:10px}.field .cell{display:block;overflow-wrap:anywhere}
svg.runs{width:auto;max-width:none;margin:4px auto 0}
.runs .passed{fill:var(--passed)}.runs .failed{fill:var(--failed)}.runs .broken{fill:var(--broken)}.runs .known{fill:var(--known)}.runs .skipped{fill:var(--soft)}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(240px,100%),1fr));gap:16px 24px;margin-top:16px}
.plots small{display:block;overflow-wrap:anywhere}
svg.plot{max-width:none;margin:4px 0}.plot polyline{fill:none;stroke:var(--bar);stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linejoin:round}
`;
