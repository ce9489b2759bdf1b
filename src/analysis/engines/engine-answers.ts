import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../infra/database/database.js';
import type { EngineReport } from '../analyzers/analyzer.js';

/** What an engine found in one file, or in a whole tree. */
export type EngineAnswer = Pick<EngineReport, 'findings' | 'duplicatedLines'> &
  Partial<Pick<EngineReport, 'skipped' | 'remark'>>;

/** Larger ones are worked out again each time. */
const MAX_ANSWER_CHARACTERS = 4 * 1024 * 1024;
/** Of unused answers. */
const KEPT_DAYS = 14;

const STATEMENTS = {
  read: {
    name: 'engine_answers_read',
    text: `SELECT key, answer::text AS answer FROM engine_answers WHERE key = ANY($1)`,
  },
  touch: {
    name: 'engine_answers_touch',
    // Once a day is enough to tell what is in use.
    text: `UPDATE engine_answers SET used_at = now()
           WHERE key = ANY($1) AND used_at < now() - interval '1 day'`,
  },
  write: {
    name: 'engine_answers_write',
    text: `INSERT INTO engine_answers (key, answer)
           SELECT * FROM unnest($1::bytea[], $2::json[]) ON CONFLICT DO NOTHING`,
  },
  prune: {
    name: 'engine_answers_prune',
    text: `DELETE FROM engine_answers WHERE used_at < now() - make_interval(days => ${KEPT_DAYS})`,
  },
};

/** What engines answered before, by all that the answer depends on. */
@Injectable()
export class EngineAnswers {
  constructor(private readonly db: Database) {}

  /** @returns the known ones, by key in hexadecimal digits */
  async read(keys: readonly Buffer[]): Promise<Map<string, EngineAnswer>> {
    const rows = await this.db.query<{ key: Buffer; answer: string }>(STATEMENTS.read, [keys]);
    await this.db.query(STATEMENTS.touch, [keys]);
    return new Map(
      rows.map(({ key, answer }) => [key.toString('hex'), JSON.parse(answer) as EngineAnswer]),
    );
  }

  async write(answers: readonly (readonly [key: Buffer, answer: EngineAnswer])[]): Promise<void> {
    const texts = answers
      .map(([key, answer]) => [key, JSON.stringify(answer)] as const)
      .filter(([, text]) => text.length <= MAX_ANSWER_CHARACTERS);
    if (texts.length > 0) {
      await this.db.query(STATEMENTS.write, [
        texts.map(([key]) => key),
        texts.map(([, text]) => text),
      ]);
      await this.db.query(STATEMENTS.prune);
    }
  }
}

/** Of an engine's answer on these files. */
export function answerKey(
  engine: string,
  version: string,
  files: Iterable<readonly [path: string, content: Buffer]>,
): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([engine, version]));
  for (const [path, content] of files) {
    hash.update(JSON.stringify([path, content.length])).update(content);
  }
  return hash.digest();
}

/** Of files that answers on others depend on: each is read once, however many they are. */
export function digestsOf(files: ReadonlyMap<string, Buffer>): (path: string) => Buffer {
  const known = new Map<string, Buffer>();
  return (path) => {
    const digest =
      known.get(path) ??
      createHash('sha256')
        .update(files.get(path) ?? '')
        .digest();
    known.set(path, digest);
    return digest;
  };
}
