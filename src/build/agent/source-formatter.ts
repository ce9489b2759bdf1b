import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Sandbox, type SandboxMount } from '../../infra/sandbox/sandbox.js';
import { NodeToolchain } from '../../toolchains/node-toolchain.js';
import { PythonToolchain } from '../../toolchains/python-toolchain.js';
import type { Framework } from '../blueprints/project-spec.js';
import type { BuildRun } from './nodes/build-run.js';
import { ToolProblem, type Workspace } from './tools/workspace.js';

const TIMEOUT_MS = 20_000;

/** Formats the files of its arguments in place and reports their text through the pipe: path -> text. */
const PYTHON_SCRIPT = `
import json, os, subprocess, sys
files = sys.argv[1:]
ruff = [sys.executable, "-I", "-m", "ruff"]
subprocess.run([*ruff, "check", "--no-cache", "--quiet", "--select", "I", "--fix", *files])
subprocess.run([*ruff, "format", "--no-cache", "--quiet", *files])
with os.fdopen(4, "w", encoding="utf-8") as report:
    texts = {}
    for path in files:
        with open(path, encoding="utf-8", newline="") as file:
            texts[path] = file.read()
    json.dump(texts, report)
`;

/** The same with prettier; a file that it can't read, or that the project keeps from it, stays out of the report. */
const NODE_SCRIPT = `
const { readFileSync, writeFileSync } = require('node:fs');
const [packages, ...files] = process.argv.slice(1);
const prettier = require(packages + '/prettier');
const ignorePath = ['.gitignore', '.prettierignore'];
(async () => {
  const texts = {};
  for (const path of files) {
    try {
      const { ignored, inferredParser } = await prettier.getFileInfo(path, { ignorePath });
      if (ignored || inferredParser === null) continue;
      const options = await prettier.resolveConfig(path);
      texts[path] = await prettier.format(readFileSync(path, 'utf8'), { ...options, filepath: path });
    } catch {}
  }
  writeFileSync(4, JSON.stringify(texts));
})();
`;

const reportSchema = z.record(z.string(), z.string());

/** How to format the files of one language. */
interface Formatter {
  argv: string[];
  mounts: SandboxMount[];
}

/**
 * Lays out what a model wrote as the formatter of the checks wants it: a model would spend its repairs on white
 * space. Only files that the model touched, so that a person's own files stay as they are.
 */
@Injectable()
export class SourceFormatter {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly python: PythonToolchain,
    private readonly node: NodeToolchain,
  ) {}

  /** What can't be formatted stays as it is: the checks say why. */
  async format(workspace: Workspace, run: BuildRun, framework: Framework): Promise<void> {
    const changed = workspace.changedPaths();
    const paths =
      framework === 'fastapi' ? changed.filter((path) => path.endsWith('.py')) : changed;
    if (paths.length > 0) {
      await this.formatWith(await this.formatterFor(framework), paths, workspace, run);
    }
  }

  private async formatterFor(framework: Framework): Promise<Formatter> {
    if (framework === 'fastapi') {
      const { python, mounts } = await this.python.prepare();
      return { argv: [python, '-I', '-c', PYTHON_SCRIPT], mounts };
    }
    const { node, packages, mounts } = await this.node.prepare();
    return { argv: [node, '-e', NODE_SCRIPT, packages], mounts };
  }

  private async formatWith(
    { argv, mounts }: Formatter,
    paths: string[],
    workspace: Workspace,
    { context, trust }: BuildRun,
  ): Promise<void> {
    const result = await this.sandbox.run(
      {
        argv: [...argv, ...paths.map((path) => `./${path}`)],
        env: { LANG: 'C.UTF-8' },
        files: workspace.snapshot(),
        mounts,
        limits: { timeoutMs: TIMEOUT_MS },
        trust,
      },
      context.signal,
    );
    context.signal.throwIfAborted();
    const texts = readReport(result.report);
    for (const path of paths) {
      const text = texts[`./${path}`];
      if (text !== undefined) {
        takeOver(workspace, path, text);
      }
    }
  }
}

function readReport(report: Buffer): Record<string, string> {
  try {
    return reportSchema.parse(JSON.parse(report.toString('utf8')));
  } catch {
    return {};
  }
}

function takeOver(workspace: Workspace, path: string, text: string): void {
  try {
    workspace.write(path, text);
  } catch (error) {
    if (!(error instanceof ToolProblem)) {
      throw error;
    }
  }
}
