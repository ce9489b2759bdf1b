import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Snapshot } from './snapshots/snapshot.entity.js';

/** A name of one owner's, and the line of snapshots behind its head. Written by `SnapshotStore` only. */
@Entity('projects')
export class Project {
  @PrimaryColumn('uuid')
  id!: string;

  /** Username. */
  @Column('varchar')
  owner!: string;

  /** Unique per owner. */
  @Column('varchar')
  name!: string;

  @Column('uuid', { name: 'head_snapshot_id', nullable: true })
  headSnapshotId!: string | null;

  /** Only where it was asked for. */
  @ManyToOne(() => Snapshot)
  @JoinColumn({ name: 'head_snapshot_id' })
  head?: Snapshot | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
