// @ts-check
// Written from dev.faultscope.model; a change there is written here by
// ./mvnw test -Dtest=VocabularyModuleTest -Dfaultscope.vocabulary=write

/** Bytes of a page; hugetlb pages are counted in these too. */
export const PAGE_BYTES = 4096;

/** Stands for "no region" or "no actor" in a record. */
export const NONE = 0xffff;

/** Bits of an event's flags. */
export const EventFlag = /** @type {const} */ ({
  WRITE: 1,
  INFERRED: 2,
  KERNEL_MODE: 4,
  MINOR: 8,
  WP: 16,
  DONTWAKE: 32,
  FETCH: 64,
  PAGE_UNKNOWN: 128,
  RWP: 256,
  KIND_UNKNOWN: 512,
  ACCESS_UNKNOWN: 1024,
  CONTINUED: 4096,
});

/** The facts of a page. */
export const PageBit = /** @type {const} */ ({
  CACHED: 1,
  MAPPED: 2,
  STAGE2: 4,
  DIRTY: 8,
  UFFD_WP: 16,
  USERFAULT: 32,
  PRIVATE: 64,
  POISONED: 128,
  QUEUED: 256,
  READ: 512,
  HELD: 1024,
  MINOR: 2048,
  WP_FAULT: 4096,
  ZERO: 8192,
  ERROR: 16384,
  UNKNOWN: 32768,
  ACCESSED: 65536,
  UFFD_RWP: 131072,
  RWP_FAULT: 262144,
  PARTIAL: 524288,
  LEAF_2M: 1048576,
  LEAF_1G: 2097152,
  STAGE2_READ_ONLY: 4194304,
  STAGE2_MMIO: 8388608,
  HOST_HUGE: 16777216,
  IN_KERNEL: 33554432,
});

/** The facts of a page in words, lowest bit first. @type {readonly string[]} */
export const PAGE_WORDS = [
  'in cache',
  'mapped',
  'mapped in stage 2',
  'dirty',
  'write-protected',
  'userfault bit',
  'private',
  'poisoned',
  'fault queued',
  'fault read',
  'held',
  'minor',
  'write-protect fault',
  'zero',
  'error',
  'unknown',
  'accessed',
  'read-write-protected',
  'read-write-protect fault',
  'partly written',
  '2M leaf',
  '1G leaf',
  'read-only in stage 2',
  'MMIO in stage 2',
  'huge in the host',
  'fault in the kernel',
];

/** Modes of a region's registration. */
export const RegionMode = /** @type {const} */ ({
  MISSING: 1,
  WP: 2,
  MINOR: 4,
});

/** @type {Readonly<Record<number, string>>} */
export const EVENT_KINDS = {
  1: 'touch',
  2: 'decide',
  3: 'enqueue',
  4: 'read',
  5: 'call',
  6: 'ioctl',
  7: 'install',
  8: 'wake',
  9: 'retry',
  10: 'exit',
  11: 'hole',
  12: 'kernel',
  13: 'region',
  14: 'note',
};

/** @type {Readonly<Record<number, string>>} */
export const ORIGINS = {
  0: 'unknown',
  1: 'user',
  2: 'kernel',
  3: 'stage 2',
  4: 'KVM',
  5: 'VMM',
};

/** @type {Readonly<Record<number, string>>} */
export const FAULT_ORIGINS = {
  0: 'userfaultfd',
  3: 'stage 2',
  4: 'KVM',
  6: 'host',
};

/** @type {Readonly<Record<number, string>>} */
export const DECISIONS = {
  0: 'not known',
  1: 'cached: minor',
  2: 'absent: missing',
  3: 'anonymous: missing',
  4: 'write-protected',
  5: 'mapped without a message',
  6: 'zero page without a message',
  7: 'present',
  8: 'answered: queued',
  9: 'not answered: resolved by the kernel',
  10: 'may not sleep',
  11: 'SIGBUS feature',
  12: 'user mode only',
  13: 'poisoned',
  14: 'beyond the end',
  15: 'copy on write',
  16: 'Userfault bit',
  17: 'private/shared mismatch',
  18: 'full minor',
  19: 'guest_memfd directly',
  20: 'already queued',
  21: 'outside',
  22: 'WP_ASYNC: bit cleared',
  23: 'private to the guest: SIGBUS',
  24: 'present in stage 2',
  25: 'stage 2 takes the page',
  26: 'no slot: MMIO',
  27: 'bitmap unreadable',
  28: 'no direct map',
  29: 'KVM: user mapping',
  30: 'stage 2: get_user_pages()',
  31: 'stage 2: made writable',
  32: 'guest_memfd: zero page',
  33: 'Userfault bit clear',
  34: 'Userfault bit not looked at',
  35: 'get_user_pages() refused',
  36: 'stage 2: mapped first',
  37: 'stage 2: mapped again',
  38: 'stage 2: entry made writable',
  39: 'stage 2: fast path',
  40: 'stage 2: thrown away',
  41: 'stage 2: spurious',
  42: 'stage 2: emulated',
  43: 'stage 2: asynchronous',
};

/** @type {Readonly<Record<number, string>>} */
export const IOCTL_NAMES = {
  0: 'REGISTER',
  1: 'UNREGISTER',
  2: 'WAKE',
  3: 'COPY',
  4: 'ZEROPAGE',
  5: 'MOVE',
  6: 'WRITEPROTECT',
  7: 'CONTINUE',
  8: 'POISON',
  63: 'API',
  255: 'UNKNOWN',
};

/** @type {Readonly<Record<number, string>>} */
export const EXITS = {
  0: 'exit of unknown reason',
  1: 'exception',
  2: 'port I/O',
  4: 'debug',
  5: 'halt',
  6: 'MMIO',
  8: 'shutdown',
  9: 'entry failed',
  10: 'interrupted by a signal',
  17: 'internal error',
  39: 'memory fault',
  128: 'stage-2 fault',
  129: 'interrupt',
  130: 'MMIO access handled',
  131: 'guest entered',
  132: 'interrupted, to be restarted',
  133: 'KVM_RUN failed',
  134: 'MMIO marker in stage 2',
};

/** @type {Readonly<Record<number, string>>} */
export const HOLES = {
  0: 'pages taken away',
  1: 'fallocate(PUNCH_HOLE)',
  2: 'madvise(MADV_DONTNEED)',
  3: 'madvise(MADV_REMOVE)',
  4: 'madvise(MADV_FREE)',
  5: 'munmap',
  6: 'truncate',
  7: 'private/shared conversion',
  8: 'taking stage-2 entries away',
};

/** @type {Readonly<Record<number, string>>} */
export const KERNEL_EVENTS = {
  0: 'kernel event',
  1: 'runs on a CPU',
  2: 'sleeps',
  3: 'is preempted',
  4: 'userfaultfd fork event',
  5: 'userfaultfd remap event',
  6: 'userfaultfd remove event',
  7: 'userfaultfd unmap event',
  8: 'signal',
  9: 'userfaultfd closed',
  10: 'KVM walks guest page tables',
  11: 'thread ends',
  12: 'write(2) to the file',
  13: 'KVM has found the host page',
  14: 'MMU notifier: host addresses are unmapped from guests',
  15: 'KVM takes all stage-2 entries away',
  16: 'KVM splits a huge stage-2 entry',
  17: 'accessed marks are looked at',
};

/** @type {Readonly<Record<number, string>>} */
export const REGION_CHANGES = {
  0: 'region changed',
  1: 'region appears',
  2: 'registered with a userfaultfd',
  3: 'unregistered',
  4: 'region disappears',
};

/** @type {Readonly<Record<number, string>>} */
export const BACKINGS = {
  0: 'unknown',
  1: 'anon',
  2: 'memfd',
  3: 'memfd, private',
  4: 'hugetlb',
  5: 'guest_memfd',
  6: 'file',
};

/** @type {Readonly<Record<number, string>>} */
export const ACTOR_KINDS = {
  0: 'unknown',
  1: 'vcpu',
  2: 'thread',
  3: 'handler',
  4: 'kvm',
  5: 'kernel',
};

/** @type {Readonly<Record<number, string>>} */
export const ERRNOS = {
  0: 'OK',
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  4: 'EINTR',
  5: 'EIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  25: 'ENOTTY',
  27: 'EFBIG',
  28: 'ENOSPC',
  29: 'ESPIPE',
  38: 'ENOSYS',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
  133: 'EHWPOISON',
};

/** What was decided of a fault, by its name: in a few words, and as the narrator says it.
 * @type {Readonly<Record<string, {word: string, text: string}>>} */
export const CAUSES = {
  unknown: { word: 'not known', text: 'reason not known' },
  cached_minor: { word: 'cached: minor', text: 'PTE empty, page in cache, VMA has MINOR: minor fault' },
  absent_missing: { word: 'absent: missing', text: 'PTE empty, page not in cache, VMA has MISSING: missing fault' },
  anon_missing: { word: 'anonymous: missing', text: 'PTE empty, anonymous memory, VMA has MISSING: missing fault' },
  write_protected: { word: 'write-protected', text: 'PTE present with uffd-wp, access is a write: write-protect fault' },
  cached_mapped: { word: 'mapped without a message', text: 'PTE empty, page in cache, VMA has no MINOR: mapped without a message' },
  absent_zeroed: { word: 'zero page without a message', text: 'PTE empty, page not in cache, VMA has no MISSING: zero page without a message' },
  present: { word: 'present', text: 'PTE present: the access completes' },
  answered: { word: 'answered: queued', text: 'a userfaultfd ioctl answered this access: a message was queued' },
  not_answered: { word: 'not answered: resolved by the kernel', text: 'no userfaultfd ioctl answered this access: the kernel resolved it' },
  no_retry: { word: 'may not sleep', text: 'the fault may not sleep: no message' },
  sigbus_feature: { word: 'SIGBUS feature', text: 'the userfaultfd asks for SIGBUS: no message' },
  user_mode_only: { word: 'user mode only', text: 'kernel-mode fault, the userfaultfd is user-mode only: refused without a message' },
  poisoned: { word: 'poisoned', text: 'poison marker in the PTE: SIGBUS' },
  beyond_eof: { word: 'beyond the end', text: 'offset beyond the end of the file: SIGBUS' },
  copy_on_write: { word: 'copy on write', text: 'PTE read-only, private mapping: copied without a message' },
  userfault_bit: { word: 'Userfault bit', text: 'KVM Userfault bit set: exit to the VMM' },
  attribute_mismatch: { word: 'private/shared mismatch', text: 'private and shared do not match: exit to the VMM' },
  gmem_full_minor: { word: 'full minor', text: 'PTE empty, guest_memfd with full minor: minor fault' },
  gmem_direct: { word: 'guest_memfd directly', text: 'guest_memfd slot: stage 2 takes the page without the user mapping' },
  already_queued: { word: 'already queued', text: 'the thread already waits for this page: the same stall goes on' },
  outside: { word: 'outside', text: 'outside every known region' },
  wp_async: { word: 'WP_ASYNC: bit cleared', text: 'PTE present with uffd-wp, the userfaultfd is WP_ASYNC: bit cleared without a message' },
  gmem_private: { word: 'private to the guest: SIGBUS', text: 'guest_memfd page is private to the guest: a host access gets SIGBUS' },
  stage2_mapped: { word: 'present in stage 2', text: 'stage 2 has the page: the guest access completes' },
  stage2_filled: { word: 'stage 2 takes the page', text: 'stage 2 empty, host mapping present: stage 2 takes the page' },
  no_slot: { word: 'no slot: MMIO', text: 'no memory slot: KVM hands the access to the VMM as MMIO' },
  userfault_unreadable: { word: 'bitmap unreadable', text: 'KVM Userfault bitmap unreadable: KVM_RUN fails without a memory fault' },
  no_direct_map: { word: 'no direct map', text: 'page has no direct map: the kernel goes through the user mapping' },
  kvm_user_mapping: { word: 'KVM: user mapping', text: 'KVM\'s own access: through the user mapping, stage 2 has no part in it' },
  stage2_gup: { word: 'stage 2: get_user_pages()', text: 'stage 2 empty, host PTE empty: KVM calls get_user_pages() on the user mapping' },
  stage2_upgrade: { word: 'stage 2: made writable', text: 'stage 2 read-only, access is a write: KVM asks the host mapping again' },
  gmem_zeroed: { word: 'guest_memfd: zero page', text: 'guest_memfd slot, page not in the file: stage 2 takes a zero page without a message' },
  userfault_clear: { word: 'Userfault bit clear', text: 'stage 2 empty, KVM Userfault bit clear: an ordinary stage-2 fault' },
  userfault_unseen: { word: 'Userfault bit not looked at', text: 'stage 2 has the page: its KVM Userfault bit, set later, is not looked at' },
  gup_refused: { word: 'get_user_pages() refused', text: 'page has no direct map: get_user_pages() refuses it, KVM_RUN fails' },
  mapped_first: { word: 'stage 2: mapped first', text: 'stage 2 never had the page: KVM sets an entry for it' },
  mapped_again: { word: 'stage 2: mapped again', text: 'stage 2 had the page and lost it: KVM sets an entry for it again' },
  made_writable: { word: 'stage 2: entry made writable', text: 'the stage-2 entry refused writes: KVM sets one that allows them' },
  fast_fixed: { word: 'stage 2: fast path', text: 'the stage-2 entry was write-protected: the fast path lifts that without a lock' },
  retried: { word: 'stage 2: thrown away', text: 'the page changed in the host meanwhile: KVM throws the fault away, the guest faults again' },
  spurious: { word: 'stage 2: spurious', text: 'the stage-2 entry was there by then: nothing to set' },
  emulated: { word: 'stage 2: emulated', text: 'no memory, or memory that may not be written: KVM emulates the access' },
  async: { word: 'stage 2: asynchronous', text: 'the host page is not there yet: KVM has it fetched and lets the guest go on' },
};

/** What can be said of each ioctl of a range: which mode bits it has, where its content
 * comes from, whether it fills pages, and what it does. */
export const IOCTLS = /** @type {const} */ ([
  {
    name: 'REGISTER',
    modes: { MISSING: 1, WP: 2, MINOR: 4 },
    source: 'none',
    fills: false,
    sentence: 'From now on faults of these modes in the range come to this userfaultfd.',
  },
  {
    name: 'UNREGISTER',
    modes: {},
    source: 'none',
    fills: false,
    sentence: 'Faults in the range are no business of this userfaultfd any more; who waits there is woken only where MISSING was registered.',
  },
  {
    name: 'WAKE',
    modes: {},
    source: 'none',
    fills: false,
    sentence: 'Wakes who sleeps in the range and changes nothing: who still finds no page faults again.',
  },
  {
    name: 'COPY',
    modes: { DONTWAKE: 1, WP: 2 },
    source: 'bytes',
    fills: true,
    sentence: 'Allocates a page, fills it and maps it: the answer to a missing fault. EEXIST where a page is there already.',
  },
  {
    name: 'ZEROPAGE',
    modes: { DONTWAKE: 1 },
    source: 'none',
    fills: true,
    sentence: 'Maps a page of zeros. EEXIST where a page is there already.',
  },
  {
    name: 'MOVE',
    modes: { DONTWAKE: 1, ALLOW_SRC_HOLES: 2 },
    source: 'pages',
    fills: true,
    sentence: 'Moves anonymous pages here without copying them.',
  },
  {
    name: 'WRITEPROTECT',
    modes: { WP: 1, DONTWAKE: 2 },
    source: 'none',
    fills: false,
    sentence: 'With WP it protects; without, it takes the protection off and wakes who waits to write.',
  },
  {
    name: 'CONTINUE',
    modes: { DONTWAKE: 1, WP: 2 },
    source: 'none',
    fills: true,
    sentence: 'Maps the page that the cache has: the answer to a minor fault. EFAULT where the cache has none.',
  },
  {
    name: 'POISON',
    modes: { DONTWAKE: 1 },
    source: 'none',
    fills: true,
    sentence: 'Marks the range as broken memory: whoever touches it gets SIGBUS.',
  },
]);
