import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Eta } from 'eta';
import type { ReportInput } from './report-input.js';
import { toModel } from './report-model.js';
import { escapeHtml } from './wording.js';

export interface RenderedReport {
  html: string;
  /** To be sent with it; the page holds the same as far as a page can. */
  contentSecurityPolicy: string;
}

const PARTS = ['group', 'item', 'code', 'chart'];

const eta = new Eta({ autoEscape: true, autoTrim: false, escapeFunction: escapeHtml });
PARTS.forEach((name) => eta.loadTemplate(`@${name}`, readTemplate(`${name}.html.eta`)));
const page = eta.compile(readTemplate('report.html.eta'));
const style = readTemplate('report.css').trim();
const script = readTemplate('filter.js').trim();

/** Nothing is loaded from anywhere, and nothing runs but the two pieces known by their hashes. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * An analysis as one HTML page, to read, print and forward: it needs no other file, no network and no script.
 *
 * Whatever the analysed code or its people wrote stays text. At most 500 findings are shown with their source.
 */
export function renderReport(input: ReportInput): RenderedReport {
  const html = eta.render(page, { ...toModel(input), style, script, policy });
  // A page can't say this of itself.
  return { html, contentSecurityPolicy: `${policy}; frame-ancestors 'none'` };
}

function readTemplate(name: string): string {
  return readFileSync(new URL(`templates/${name}`, import.meta.url), 'utf8');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
