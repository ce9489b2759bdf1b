/** What the scripts share: where the project is, its packages, its child processes. Node's own modules only. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A failure the user can do something about: one line, no stack trace. */
export class ScriptError extends Error {}

/** Runs a script's main function; failures become one line and exit status 1. */
export async function main(run) {
  try {
    requireNode();
    await run();
  } catch (error) {
    console.error(error instanceof ScriptError ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * Runs `npm ci` where node_modules isn't what package-lock.json asks for. A stamp with the lock file's hash makes the
 * usual case a matter of one read.
 */
export async function installMissing({ signalStatus } = {}) {
  const stampFile = join(root, 'node_modules', '.install-stamp');
  const lock = readFileSync(join(root, 'package-lock.json'));
  const machine = `${process.platform}-${process.arch} node-${process.versions.modules}\n`;
  const stamp = `${hashOf(lock)} ${machine}`;
  const stamped = readText(stampFile);
  if (stamped === stamp) {
    return;
  }
  // Somebody may have run `npm ci` or `npm install` by hand.
  const isSameMachine = stamped === null || stamped.endsWith(` ${machine}`);
  if (isSameMachine && isInstalled(JSON.parse(lock.toString()))) {
    writeAtomically(stampFile, stamp);
    return;
  }
  const first = existsSync(join(root, 'node_modules')) ? '' : 'first start, ';
  console.error(`Installing packages (${first}about a minute) ...`);
  // `include`: NODE_ENV=production would leave out the compiler.
  const npm = npmCommand();
  const { status, output } = await runChild(
    npm[0],
    [...npm.slice(1), 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { signalStatus },
  );
  if (status !== 0) {
    const reason = output.split('\n').find((line) => /^npm (error|ERR!) (?!code)/.test(line));
    throw new ScriptError(
      `Could not install the packages (${reason ?? `npm ci ended with status ${status}`}): ` +
        'check the network and the disk, then run "npm ci" to see the whole output.',
    );
  }
  writeAtomically(stampFile, stamp);
}

/**
 * Runs a program to its end with its output kept. A SIGINT or SIGTERM to us ends its whole group, and then us.
 *
 * @param {{ signalStatus?: (signal: string) => number }} [options] our own exit status when a signal came; 0, as for
 * the server itself, if not given.
 */
export async function runChild(program, args, { signalStatus = () => 0 } = {}) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that it gets a signal from us, once, with all its children.
    detached: true,
  });
  let output = '';
  const keep = (chunk) => (output = (output + chunk).slice(-200_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const signalled = endOnSignal((signal) => killGroup(child.pid, signal));
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      keep(String(error));
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  const signal = signalled.finish();
  if (signal) {
    process.exit(signalStatus(signal));
  }
  return { status, output };
}

/** Hands SIGINT and SIGTERM on to `end`; when 5 s later there is no end, SIGKILL follows. */
export function endOnSignal(end) {
  let received = null;
  let timer;
  const onSignal = (signal) => {
    received ??= signal;
    end('SIGTERM');
    timer ??= setTimeout(() => end('SIGKILL'), 5_000);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    finish() {
      clearTimeout(timer);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      return received;
    },
  };
}

export function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}

export function hashOf(content) {
  return createHash('sha256').update(content).digest('hex');
}

export function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export function writeAtomically(path, text) {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, path);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new ScriptError(
      `This needs Node.js >= 20.19, found ${process.versions.node}: install a newer one (https://nodejs.org).`,
    );
  }
}

function isInstalled(lock) {
  const installed = readText(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) {
    return false;
  }
  const found = JSON.parse(installed).packages;
  return Object.entries(lock.packages).every(
    ([path, { version, optional }]) =>
      path === '' || found[path]?.version === version || (optional && !found[path]),
  );
}

function npmCommand() {
  const path = process.env.npm_execpath ?? '';
  // Inside `npm start`: the same npm, which need not be the one on PATH.
  return basename(path) === 'npm-cli.js' ? [process.execPath, path] : ['npm'];
}
