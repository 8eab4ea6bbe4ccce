/** The look of what only a comparison's page has. */
import { chartStyle } from "./drawing/theme.ts";

export const comparisonStyle = `${chartStyle}
.pictures { display: grid; gap: 2rem 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); align-items: start; }
.pictures svg { display: block; width: 100%; height: auto; font-family: inherit; }
.verdict { margin: 1rem 0; }
.uses { grid-template-columns: max-content 1fr; margin: .25rem 0 1rem; }
.uses dd { font-weight: 600; }
.machines { list-style: none; margin: .75rem 0; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.machines li { border: 1px solid var(--line); border-radius: 8px; padding: .5rem .75rem; }
.machines .soft { font-size: .875rem; }
.badge { display: block; margin-top: .25rem; font-size: .875rem; }
.badge.whole { color: var(--good); }
.badge.part, .badge.unknown { color: var(--bad); }
.answer { max-width: 60rem; margin: .5rem 0; }
.words li { margin-bottom: .5rem; }
.bases { list-style: none; margin: 0; padding: 0; font-size: .875rem; }
.bases :target { outline: 2px solid var(--accent); outline-offset: 2px; }
details.part { border-top: 1px solid var(--line); margin: 0; padding: .5rem 0; }
details.part > summary { color: var(--text); font-weight: 600; font-size: 1.05rem; padding: .35rem 0; }
figure details li { font-size: .875rem; }
@media (max-width: 40rem) {
  .pairs th, .pairs td { white-space: normal; padding: .35rem .3rem; font-size: .8125rem; }
  .pairs thead th { padding: 0; }
  .pairs thead button { padding: .35rem .3rem; white-space: normal; }
  .pairs th[scope="row"] { min-width: 5.5rem; }
  .uses { grid-template-columns: 1fr; }
}
@media print {
  .pictures { grid-template-columns: 1fr 1fr; gap: 1.5rem; }
  .bases, pre { font-size: 7pt; line-height: 1.35; }
  h3 { margin: .75rem 0 .25rem; font-size: 9pt; }
  pre { margin: .25rem 0; }
}
`;
