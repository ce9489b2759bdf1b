import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

/** A real pipe: the end to hand to a child, and the end to read. */
export interface ReportPipe {
  writeFd: number;
  reader: Socket;
}

/**
 * Makes a pipe through a FIFO in `folder`, which may be removed at once.
 *
 * Node's own stdio "pipes" are sockets, and `open('/dev/fd/4')` fails on a socket: test runners that are given a
 * report's path would break. Mode 0622 lets a process under another user id open its end that way.
 */
export async function openReportPipe(folder: string): Promise<ReportPipe> {
  const path = `${folder}/report`;
  await promisify(execFile)('mkfifo', ['-m', '0622', path]);
  // The reader comes first and doesn't block, so that opening the writer finds one.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const writeFd = openSync(path, constants.O_WRONLY);
    return { writeFd, reader: new Socket({ fd: readFd, readable: true, writable: false }) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  } finally {
    unlinkSync(path);
  }
}
