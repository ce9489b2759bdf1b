/** The processors the filter knows, by `process.arch`. */
export type FilteredArch = 'x64' | 'arm64';

/** A system call's number on x86_64 and on aarch64; `null` where it doesn't exist. */
type Numbers = readonly [x64: number, arm64: number | null];

/**
 * Calls that answer "not implemented", so that libc and libuv fall back to what the filter and the limits can see:
 * `clone3` hides its flags behind a pointer, io_uring goes around every filter, memfd memory counts nowhere.
 */
export const UNIMPLEMENTED_CALLS: Readonly<Record<string, Numbers>> = {
  clone3: [435, 435],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_setup: [206, 0],
  mq_open: [240, 180],
  userfaultfd: [323, 282],
};

/** Calls that answer "not permitted": other processes, mounts, namespaces, the kernel itself, memory no limit counts. */
export const FORBIDDEN_CALLS: Readonly<Record<string, Numbers>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  fanotify_init: [300, 262],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  unshare: [272, 97],
  setns: [308, 268],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  syslog: [103, 116],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  uselib: [134, null],
  ustat: [136, null],
  sysfs: [139, null],
  _sysctl: [156, null],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  remap_file_pages: [216, 234],
  vmsplice: [278, 75],
  msgget: [68, 186],
  semget: [64, 190],
};

/** Calls that depend on their arguments; `seccomp-program.ts` says how. */
export const CHECKED_CALLS = {
  clone: [56, 220],
  socket: [41, 198],
  socketpair: [53, 199],
  shmget: [29, 194],
  ioctl: [16, 29],
  personality: [135, 92],
} as const satisfies Record<string, Numbers>;

/** The newest call that was looked at (`fchmodat2`, Linux 6.6); later ones are refused as not implemented. */
export const NEWEST_KNOWN_CALL = 452;

/** The call's number on this processor. */
export function numberOf(numbers: Numbers, arch: FilteredArch): number | null {
  return arch === 'x64' ? numbers[0] : numbers[1];
}
