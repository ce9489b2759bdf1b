import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The state of a project's source at one moment; written once by `SnapshotStore`, never changed. */
@Entity('snapshots')
export class Snapshot {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'project_id' })
  projectId!: string;

  /** What it was made from; `null`: the first of its project. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** The build that made it; `null`: uploaded or restored. */
  @Column('uuid', { name: 'task_id', nullable: true })
  taskId!: string | null;

  /** The snapshot whose files are these again; `null`: it is no restored one. */
  @Column('uuid', { name: 'restored_from', nullable: true })
  restoredFrom!: string | null;

  /** The engine's own text that these files rest on: `id` itself where nobody edited it; `null`: there is none. */
  @Column('uuid', { name: 'generated_id', nullable: true })
  generatedId!: string | null;

  /** Username. */
  @Column('varchar')
  author!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('integer', { name: 'file_count' })
  fileCount!: number;

  // The driver gives a bigint as text; this one is far below 2^53.
  @Column('bigint', { name: 'total_bytes', transformer: { from: Number, to: Number } })
  totalBytes!: number;
}
