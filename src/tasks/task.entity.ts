import { Column, Entity, PrimaryColumn, TableInheritance } from 'typeorm';
import type { TaskStatus } from './task-status.js';

/**
 * One task of any kind. A feature adds its own with `@ChildEntity('its kind')` and narrows `input` and `results`.
 *
 * Read through TypeORM; written only by the statements of `TaskStore`.
 */
@Entity('tasks')
@TableInheritance({ column: { type: 'text', name: 'kind' } })
export abstract class Task {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: string;

  @Column('varchar')
  owner!: string;

  @Column('varchar', { name: 'project_name' })
  projectName!: string;

  @Column('text')
  status!: TaskStatus;

  /** 0 to 100; never falls. */
  @Column('smallint')
  progress!: number;

  /** What was asked, as its kind checked it. */
  @Column('json')
  input!: object;

  @Column('json', { nullable: true })
  results!: object | null;

  /** For the caller; set where `status` is `failed`. */
  @Column('text', { nullable: true })
  error!: string | null;

  /** The snapshot that the task started from; `null`: none, or not chosen yet. */
  @Column('uuid', { name: 'base_snapshot_id', nullable: true })
  baseSnapshotId!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** From the cancel to the end of what the task ran. */
  @Column('integer', { name: 'stopped_in_ms', nullable: true })
  stoppedInMs!: number | null;

  /** Tasks that start before this one, `MAX_POSITION` for more; `null`: it doesn't wait. Of a task that was read for a caller. */
  queuePosition: number | null = null;
}
