import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Sandbox } from '../../infra/sandbox/sandbox.js';
import { PythonToolchain } from '../../toolchains/python-toolchain.js';
import type { BuildRun } from './nodes/build-run.js';
import { ToolProblem, type Workspace } from './tools/workspace.js';

const TIMEOUT_MS = 20_000;

/** Formats the files of its arguments in place and reports their text through the pipe: path -> text. */
const SCRIPT = `
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

const reportSchema = z.record(z.string(), z.string());

/**
 * Lays out what a model wrote as the formatter of the checks wants it: a model would spend its repairs on white
 * space. Only files that the model touched, so that a person's own files stay as they are.
 */
@Injectable()
export class SourceFormatter {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly toolchain: PythonToolchain,
  ) {}

  /** What can't be formatted stays as it is: the checks say why. */
  async format(workspace: Workspace, { context, trust }: BuildRun): Promise<void> {
    const paths = workspace.changedPaths().filter((path) => path.endsWith('.py'));
    if (paths.length === 0) {
      return;
    }
    const { python, mounts } = await this.toolchain.prepare();
    const result = await this.sandbox.run(
      {
        argv: [python, '-I', '-c', SCRIPT, ...paths.map((path) => `./${path}`)],
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
