import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { Permission, Role } from '../principal.js';

@Entity('users')
export class User {
  /** As it was registered; unique without regard to case. */
  @PrimaryColumn('varchar', { length: 64 })
  username!: string;

  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('text')
  role!: Role;

  /** `null`: those of the role. */
  @Column('text', { array: true, nullable: true })
  permissions!: Permission[] | null;

  @Column('boolean', { default: false })
  disabled!: boolean;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
