import type { DataSource } from 'typeorm';
import type { Database, Statement } from '../infra/database/database.js';
import type { Task } from './task.entity.js';
import type { TaskStatus } from './task-status.js';
import { MAX_POSITION, POSITIONS } from './task-turns.js';

/** A kind's entity, with a name for messages (`Build`). */
export type TaskClass<T extends Task> = new () => T;

export interface TaskFilter {
  /** `undefined`: everybody's. */
  owner: string | undefined;
  status?: TaskStatus | undefined;
  projectName?: string | undefined;
  limit: number;
  offset: number;
}

/** What the entity's metadata say, as SQL. */
interface Shape {
  kind: string;
  columns: string;
}

/**
 * The reads that clients repeat all day, as prepared statements: TypeORM makes its SQL anew each time, for a fifth of
 * the whole request's cost. Columns and kinds are still the entity's own.
 */
export class TaskReader {
  private readonly shapes = new Map<TaskClass<Task>, Shape>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly db: Database,
  ) {}

  async find<T extends Task>(type: TaskClass<T>, id: string): Promise<T | null> {
    const { kind, columns } = this.shapeOf(type);
    const statement = {
      name: `task_by_id_${kind}`,
      text: `SELECT ${columns} FROM tasks WHERE id = $1 AND kind = $2`,
    };
    const [row] = await this.db.query(statement, [id, kind]);
    const [task] = await this.withPositions(row ? [Object.assign(new type(), row)] : []);
    return task ?? null;
  }

  /** A page, the newest first, and how many tasks there are on all pages. */
  async page<T extends Task>(type: TaskClass<T>, filter: TaskFilter): Promise<[T[], number]> {
    const { kind, columns } = this.shapeOf(type);
    const { owner, status, projectName, limit, offset } = filter;
    const given = Object.entries({ kind, owner, status, project_name: projectName }).filter(
      ([, value]) => value !== undefined,
    );
    const values = given.map(([, value]) => value);
    const where = given.map(([column], index) => `${column} = $${index + 1}`).join(' AND ');
    const name = [kind, ...given.map(([column]) => column)].join('_');
    const page: Statement = {
      name: `task_page_${name}`,
      // By id where two came at once, so that pages never overlap.
      text: `
        SELECT ${columns} FROM tasks WHERE ${where} ORDER BY created_at DESC, id DESC
        LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    };
    const total: Statement = {
      name: `task_total_${name}`,
      text: `SELECT count(*)::int AS total FROM tasks WHERE ${where}`,
    };
    const [rows, [count]] = await Promise.all([
      this.db.query(page, [...values, limit, offset]),
      this.db.query<{ total: number }>(total, values),
    ]);
    const tasks = rows.map((row) => Object.assign(new type(), row));
    return [await this.withPositions(tasks), count?.total ?? 0];
  }

  private async withPositions<T extends Task>(tasks: T[]): Promise<T[]> {
    const waiting = tasks.filter((task) => task.status === 'initializing');
    if (waiting.length > 0) {
      const rows = await this.db.query<{ id: string; position: number }>(POSITIONS, [
        waiting.map((task) => task.id),
      ]);
      const positions = new Map(rows.map((row) => [row.id, row.position]));
      for (const task of waiting) {
        // Started meanwhile: then it is the next to be read as running.
        task.queuePosition = Math.min(positions.get(task.id) ?? 0, MAX_POSITION);
      }
    }
    return tasks;
  }

  private shapeOf(type: TaskClass<Task>): Shape {
    const known = this.shapes.get(type);
    if (known) {
      return known;
    }
    const { columns, discriminatorValue } = this.dataSource.getMetadata(type);
    const shape = {
      kind: String(discriminatorValue),
      columns: columns
        .map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`)
        .join(', '),
    };
    this.shapes.set(type, shape);
    return shape;
  }
}
