/**
 * Reads the licence of every package that the product ships, from its own files: what package.json claims is no licence.
 * Ends with status 1 where a text is of no licence that we accept, or where there is neither text nor claim.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, root, ScriptError } from './project.mjs';

/** Words that a licence of that name, and no other, has. In this order: some texts quote others. */
const TEXTS = [
  [
    'refused',
    /Commons Clause|Business Source License|Server Side Public License|source-available/i,
  ],
  ['Python-2.0', /PYTHON SOFTWARE FOUNDATION LICENSE/i],
  ['refused', /GNU (AFFERO |LESSER |LIBRARY )?GENERAL PUBLIC LICENSE/i],
  ['Apache-2.0', /Apache License\s+Version 2\.0/i],
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining/i],
  ['ISC', /Permission to use, copy, modify, and\/or distribute this software for any\s+purpose/i],
  ['ISC', /Permission to use, copy, modify, and distribute this software for any\s+purpose/i],
  ['BSD', /Redistribution and use in source and binary forms/i],
  ['BlueOak-1.0.0', /Blue Oak Model License/i],
  ['MPL-2.0', /Mozilla Public License,? (v\.? ?|version )?2\.0/i],
  ['Unlicense', /This is free and unencumbered software released into the public domain/i],
  ['CC0-1.0', /CC0 1\.0 Universal/i],
  [
    'PostgreSQL',
    /Permission to use, copy, modify, and distribute this software and its documentation/i,
  ],
  ['MIT', /\bMIT License\b/i],
];

/** Claims that count where a package has no text of its own. */
const CLAIMS =
  /^\(?(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|MPL-2\.0|Unlicense|CC0-1\.0|CC-BY-[34]\.0|Python-2\.0|PostgreSQL)\b/;

function check() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const counts = new Map();
  const problems = [];
  for (const [path, { dev, optional }] of Object.entries(packages)) {
    if (path === '' || dev) {
      continue;
    }
    if (!existsSync(join(root, path, 'package.json'))) {
      // Another platform's, left out by npm.
      if (!optional) {
        problems.push(`${path}: not installed`);
      }
      continue;
    }
    const verdict = licenceOf(path);
    counts.set(verdict.name, (counts.get(verdict.name) ?? 0) + 1);
    if (verdict.problem) {
      problems.push(`${path}: ${verdict.problem}`);
    }
  }
  if (problems.length > 0) {
    throw new ScriptError(`Licences that can't be accepted:\n  ${problems.join('\n  ')}`);
  }
  const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`);
  console.log(`Licences of the shipped packages: ${summary.join(', ')}`);
}

/** By the package's own text, else by its claim. */
function licenceOf(path) {
  const folder = join(root, path);
  const names = readdirSync(folder);
  const licences = names.filter((name) => /^(licen[cs]e|copying|unlicense)/i.test(name));
  // Some put the whole text there.
  const files = licences.length > 0 ? licences : names.filter((name) => /^readme/i.test(name));
  const texts = files.flatMap((name) => {
    try {
      return [readFileSync(join(folder, name), 'utf8')];
    } catch {
      return [];
    }
  });
  const found = texts.flatMap((text) => TEXTS.find(([, words]) => words.test(text))?.[0] ?? []);
  if (found.includes('refused')) {
    return { name: 'refused', problem: 'its text is of no licence that we accept' };
  }
  if (found.length > 0) {
    return { name: found[0] };
  }
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const claim = typeof license === 'string' ? license : (license?.type ?? '');
  return CLAIMS.test(claim)
    ? { name: `${claim} (claimed)` }
    : { name: 'unknown', problem: `no text that we know, and it claims "${claim}"` };
}

await main(check);
