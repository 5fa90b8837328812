/** The style sheet: red is the product's fault, violet is the lab's, and what holds is inconspicuous. */
export const style = `
:root{color-scheme:light dark;--ground:#fcfcfa;--paper:#fff;--ink:#1c1d20;--soft:#63666d;--line:#e4e4df;--tint:#f3f3ef;
--passed:#1f7a4d;--passed-tint:#e4f2ea;--failed:#c02f2f;--broken:#7445c4;--skipped:#8b8e95;--bar:#3f6ea8;--failed-fill:#c02f2f;--broken-fill:#7445c4;--known:#9a6b00;
--s1:#b9bdc6;--s2:#3f6ea8;--s3:#6f9bd0;--s4:#a9c5e6;--s5:#1f7a4d;--s6:#d8d8d2}
@media (prefers-color-scheme:dark){:root{--ground:#141518;--paper:#1b1c20;--ink:#e8e8e6;--soft:#9a9da5;--line:#2e3036;--tint:#212327;
--passed:#5cc48e;--passed-tint:#1a3327;--failed:#e25555;--broken:#a07be6;--skipped:#777b84;--bar:#6d9bd3;--failed-fill:#bf3b3b;--broken-fill:#7f57cf;--known:#d9a441;
--s1:#565a63;--s2:#4a7ab6;--s3:#6d9bd3;--s4:#34527a;--s5:#4aa877;--s6:#3a3c42}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 72px}
h1{font-size:30px;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:6px 0 8px;text-wrap:balance}
h2{font-size:18px;font-weight:650;margin:0 0 14px}
section{margin-top:48px}
p{margin:0}
code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}
a{color:inherit}
small,.note,.under,.over{color:var(--soft)}
small{font-size:12.5px}
.over{font-size:13px;overflow-wrap:anywhere}
.command{margin-top:10px}
.command code{display:inline-block;background:var(--tint);border-radius:6px;padding:4px 10px}
.sign{font-weight:700;font-family:"DejaVu Sans","Segoe UI Symbol",system-ui,sans-serif}
.bar{display:flex;gap:2px;height:8px;margin:26px 0 16px;border-radius:4px;overflow:hidden}
.bar .passed{background:var(--passed)}.bar .failed{background:var(--failed)}.bar .broken{background:var(--broken)}.bar .known{background:var(--known)}.bar .skipped{background:var(--line)}
.counts{display:grid;grid-template-columns:repeat(4,1fr);gap:16px;margin:0}
.counts div{display:grid;grid-template-columns:auto 1fr;column-gap:12px;align-items:center}
.counts dd{margin:0;font-size:34px;line-height:1;font-weight:600;font-variant-numeric:tabular-nums;grid-row:1/3;grid-column:1}
.counts dt{grid-column:2;font-weight:600;align-self:end;white-space:nowrap}
.counts dd.meaning{grid-row:2;grid-column:2;font-size:12.5px;font-weight:400;color:var(--soft);line-height:1.3;align-self:start}
.counts .passed dt{color:var(--passed)}.counts .failed dt,.counts .failed dt+dd{color:var(--failed)}.counts .broken dt,.counts .broken dt+dd{color:var(--broken)}.counts .known dt,.counts .known dt+dd{color:var(--known)}.counts .skipped dt,.counts .skipped dt+dd{color:var(--soft)}
.warn{margin-top:14px;padding:8px 12px;border-left:3px solid var(--broken);background:var(--tint);font-size:14px}
.change{margin-top:14px;padding:8px 14px;border:1px solid var(--line);border-radius:10px;background:var(--paper)}.change.red{border-left:3px solid var(--failed)}
.change summary{cursor:pointer}.change ul{margin:8px 0 0;padding-left:18px}.change li{margin-top:8px}.change p{color:var(--soft);font-size:14px;overflow-wrap:anywhere}.differs{margin-top:14px}.change .cause{color:var(--ink);font-weight:600}
.wide{overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--paper)}
table{border-collapse:collapse;width:100%}
.matrix th,.matrix td{padding:7px 10px;border-top:1px solid var(--line);text-align:center;font-weight:500}
.matrix thead tr:first-child th{border-top:0}
.matrix thead th{font-size:13px;white-space:nowrap;font-variant-numeric:tabular-nums}
.matrix thead small{display:block;font-weight:400}
.matrix .kernel{font-weight:650;border-left:1px solid var(--line)}
.matrix .first{border-left:1px solid var(--line)}
.matrix th[scope=row],.matrix .corner{text-align:left;position:sticky;left:0;background:var(--paper);min-width:200px;font-weight:400;z-index:1}
.matrix th[scope=row]{font-size:14px;line-height:1.35;padding-left:16px}
.matrix .corner span{display:block;color:var(--soft);text-align:right;line-height:2}
.matrix tbody tr:hover th,.matrix tbody tr:hover td{background:var(--tint)}
.box{display:inline-flex;gap:5px;align-items:baseline;justify-content:center;min-width:30px;padding:2px 8px;border-radius:6px;text-decoration:none;line-height:1.4}
.box small{color:inherit;font-variant-numeric:tabular-nums}
.box.passed{color:var(--passed);background:var(--passed-tint)}
.box.failed{color:#fff;background:var(--failed-fill)}.box.broken{color:#fff;background:var(--broken-fill)}.box.known{color:var(--known);border:1px solid var(--known)}
.box.skipped{color:var(--skipped)}
a.box:hover,a.box:focus-visible{outline:2px solid currentColor;outline-offset:1px}
.finding{border:1px solid var(--line);border-left:4px solid var(--failed);border-radius:8px;background:var(--paper);margin-top:12px}
.finding.broken{border-left-color:var(--broken)}
.finding:target{box-shadow:0 0 0 3px var(--tint),0 0 0 4px var(--soft)}
.finding summary{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;padding:12px 16px;cursor:pointer;list-style:none}
.finding summary::-webkit-details-marker{display:none}
.claim{font-weight:600}
.short{grid-column:2;color:var(--soft);font-size:14px;overflow-wrap:anywhere}
.finding:not([open]) .short{display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.chip{font-size:12.5px;font-weight:600;padding:1px 9px;border-radius:20px;color:#fff;align-self:start;margin-top:1px}
.chip.failed{background:var(--failed-fill)}.chip.broken{background:var(--broken-fill)}.chip.known{background:var(--known)}.finding.known{border-left-color:var(--known)}
.finding>:not(summary){margin:0 16px 14px}
.where,.again{font-size:13px;color:var(--soft)}
.where code{color:var(--ink);margin-right:8px}
.finding>.again{margin-bottom:6px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--tint);border-radius:6px;padding:12px 14px;margin:0}
.remedy{padding:8px 12px;background:var(--passed-tint);border-radius:6px}
.remedy::before{content:"→ ";font-weight:700}
.evidence{list-style:none;padding:0;font-size:13px;columns:2 300px}
.evidence a{overflow-wrap:anywhere}
.node{margin:4px 0}
.node summary{cursor:pointer;font-size:13px}
p.diagnosis{font-weight:600}
.way figcaption{font-size:14px;margin-bottom:6px}
.drawing{overflow-x:auto}
svg.path{min-width:860px;max-width:none;margin:0;font-size:12.5px}
svg.path rect.node{fill:var(--tint);stroke:var(--line)}svg.path text.node{fill:var(--soft);font-weight:600}
svg.path rect.hop{fill:var(--paper);stroke:var(--passed);stroke-width:1.5}
svg.path .unknown rect.hop{stroke:var(--soft);stroke-dasharray:4 3}svg.path .stops rect.hop{stroke:var(--failed);stroke-width:3}
svg.path .place{font-weight:600}svg.path .stops .place{fill:var(--failed)}svg.path .passes .place{fill:var(--passed)}svg.path .unknown .place{fill:var(--soft)}
svg.path .says{font:10px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
svg.path .arrow{fill:none;stroke:var(--ink);stroke-width:1.5}svg.path .lost{stroke:var(--soft);stroke-dasharray:2 3}
.hops{font-size:13px;margin:4px 0;overflow-wrap:anywhere}
.timeline td{font-size:12.5px;overflow-wrap:anywhere}.timeline td:not(:last-child){white-space:nowrap}
.skips{padding:0;margin:0;list-style:none}
.skips li{padding:8px 0;border-top:1px solid var(--line)}
.skips li:first-child{border-top:0}
.skips b{font-weight:600;margin-right:6px}
.skips:empty{display:none}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr));gap:28px 36px;margin-top:16px}
figure{margin:0}
figcaption b{font-weight:600}
figcaption small{display:block;line-height:1.35}
svg{display:block;width:100%;max-width:460px;margin-top:8px;font:12.5px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
svg rect{fill:var(--bar)}svg text{fill:var(--ink);font-variant-numeric:tabular-nums}svg .name{fill:var(--soft)}
.key{margin-right:14px;white-space:nowrap}
.key i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.times{display:grid;grid-template-columns:auto 1fr auto;gap:8px 16px;align-items:center;margin:16px 0 28px;font-size:13px}
.times>:first-child{min-width:0}
.line{min-width:60px}
.stages{display:flex;height:14px;border-radius:3px;overflow:hidden;min-width:3px}
.stage{background:var(--s1)}.stage.boot{background:var(--s2)}.stage.swarm{background:var(--s3)}.stage.preflight{background:var(--s4)}.stage.scenarios{background:var(--s5)}.stage.teardown{background:var(--s6)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.plain{font-size:13.5px}
.plain th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px}
.plain th,.plain td{padding:7px 14px;border-top:1px solid var(--line);vertical-align:top}
.plain thead th{border-top:0}
.plain .number{text-align:right}
section>.wide+.wide,.facts+.wide{margin-top:16px}
section>.wide+.skips{margin-top:16px}
.facts{display:grid;grid-template-columns:auto 1fr;gap:4px 20px;margin:0 0 18px}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
@media (max-width:640px){main{padding:24px 16px 48px}h1{font-size:24px}.counts{grid-template-columns:1fr 1fr}
.matrix th[scope=row],.matrix .corner{min-width:130px;max-width:42vw;padding-left:10px}.matrix th[scope=row]{font-size:13px}
.finding summary{grid-template-columns:1fr}.finding summary>*{grid-column:1}.chip{justify-self:start}
.times{grid-template-columns:1fr auto}.times>span:nth-child(3n+1){grid-column:1/3;margin-bottom:-6px}}
@media print{body{font-size:11pt;background:#fff}main{max-width:none;padding:0}section{margin-top:24pt}.wide{overflow:visible}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}details::details-content{content-visibility:visible;display:block;height:auto}
.finding,tr,figure{break-inside:avoid}.finding{break-inside:auto}h2{break-after:avoid}}
`;
