/*
 * Prints sizes, offsets and constants of the kernel's user interface, for AbiTableTest. See README.md beside this file.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/kvm.h>
#include <linux/mount.h>
#include <linux/userfaultfd.h>
#include <linux/version.h>
#include <asm/kvm_para.h>

#ifndef SA_RESTORER // glibc keeps it to itself; it is x86-64's, asm/signal.h
#define SA_RESTORER 0x04000000
#endif
#ifndef MADV_POPULATE_READ
#include <asm-generic/mman-common.h>
#endif

#define CONSTANT(name) printf("constant\t%s\t%lld\n", #name, (long long)(name))
#define SIZE(type) printf("sizeof\t%s\t%zu\n", #type, sizeof(struct type))
#define OFFSET(type, field) printf("offset\t%s.%s\t%zu\n", #type, #field, offsetof(struct type, field))

int main(void) {
  printf("# headers\t%d.%d.%d\n", LINUX_VERSION_MAJOR, LINUX_VERSION_PATCHLEVEL, LINUX_VERSION_SUBLEVEL);
  CONSTANT(UFFD_API);
  CONSTANT(USERFAULTFD_IOC_NEW);
  CONSTANT(UFFD_USER_MODE_ONLY);
  CONSTANT(UFFDIO_API);
  CONSTANT(UFFDIO_REGISTER);
  CONSTANT(UFFDIO_UNREGISTER);
  CONSTANT(UFFDIO_WAKE);
  CONSTANT(UFFDIO_COPY);
  CONSTANT(UFFDIO_ZEROPAGE);
  CONSTANT(UFFDIO_MOVE);
  CONSTANT(UFFDIO_WRITEPROTECT);
  CONSTANT(UFFDIO_CONTINUE);
  CONSTANT(UFFDIO_POISON);
  CONSTANT(UFFDIO_REGISTER_MODE_MISSING);
  CONSTANT(UFFDIO_REGISTER_MODE_WP);
  CONSTANT(UFFDIO_REGISTER_MODE_MINOR);
  CONSTANT(UFFDIO_COPY_MODE_DONTWAKE);
  CONSTANT(UFFDIO_COPY_MODE_WP);
  CONSTANT(UFFDIO_ZEROPAGE_MODE_DONTWAKE);
  CONSTANT(UFFDIO_CONTINUE_MODE_DONTWAKE);
  CONSTANT(UFFDIO_CONTINUE_MODE_WP);
  CONSTANT(UFFDIO_POISON_MODE_DONTWAKE);
  CONSTANT(UFFDIO_MOVE_MODE_DONTWAKE);
  CONSTANT(UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES);
  CONSTANT(UFFDIO_WRITEPROTECT_MODE_WP);
  CONSTANT(UFFDIO_WRITEPROTECT_MODE_DONTWAKE);
  CONSTANT(UFFD_EVENT_PAGEFAULT);
  CONSTANT(UFFD_EVENT_FORK);
  CONSTANT(UFFD_EVENT_REMAP);
  CONSTANT(UFFD_EVENT_REMOVE);
  CONSTANT(UFFD_EVENT_UNMAP);
  CONSTANT(UFFD_PAGEFAULT_FLAG_WRITE);
  CONSTANT(UFFD_PAGEFAULT_FLAG_WP);
  CONSTANT(UFFD_PAGEFAULT_FLAG_MINOR);
  CONSTANT(UFFD_FEATURE_PAGEFAULT_FLAG_WP);
  CONSTANT(UFFD_FEATURE_EVENT_FORK);
  CONSTANT(UFFD_FEATURE_EVENT_REMAP);
  CONSTANT(UFFD_FEATURE_EVENT_REMOVE);
  CONSTANT(UFFD_FEATURE_MISSING_HUGETLBFS);
  CONSTANT(UFFD_FEATURE_MISSING_SHMEM);
  CONSTANT(UFFD_FEATURE_EVENT_UNMAP);
  CONSTANT(UFFD_FEATURE_SIGBUS);
  CONSTANT(UFFD_FEATURE_THREAD_ID);
  CONSTANT(UFFD_FEATURE_MINOR_HUGETLBFS);
  CONSTANT(UFFD_FEATURE_MINOR_SHMEM);
  CONSTANT(UFFD_FEATURE_EXACT_ADDRESS);
  CONSTANT(UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
  CONSTANT(UFFD_FEATURE_WP_UNPOPULATED);
  CONSTANT(UFFD_FEATURE_POISON);
  CONSTANT(UFFD_FEATURE_WP_ASYNC);
  CONSTANT(UFFD_FEATURE_MOVE);
  CONSTANT(AT_FDCWD);
  CONSTANT(O_RDONLY);
  CONSTANT(O_RDWR);
  CONSTANT(O_NONBLOCK);
  CONSTANT(O_CLOEXEC);
  CONSTANT(F_GETFL);
  CONSTANT(PROT_READ);
  CONSTANT(PROT_WRITE);
  CONSTANT(MAP_SHARED);
  CONSTANT(MAP_PRIVATE);
  CONSTANT(MAP_FIXED);
  CONSTANT(MAP_ANONYMOUS);
  CONSTANT(MAP_NORESERVE);
  CONSTANT(MAP_HUGETLB);
  CONSTANT(MREMAP_MAYMOVE);
  CONSTANT(MREMAP_FIXED);
  CONSTANT(MADV_DONTNEED);
  CONSTANT(MADV_FREE);
  CONSTANT(MADV_REMOVE);
  CONSTANT(MADV_HUGEPAGE);
  CONSTANT(MADV_NOHUGEPAGE);
  CONSTANT(MADV_POPULATE_READ);
  CONSTANT(MADV_POPULATE_WRITE);
  CONSTANT(MADV_COLLAPSE);
  CONSTANT(MFD_CLOEXEC);
  CONSTANT(MFD_HUGETLB);
  CONSTANT(FALLOC_FL_KEEP_SIZE);
  CONSTANT(FALLOC_FL_PUNCH_HOLE);
  CONSTANT(POLLIN);
  CONSTANT(POLLERR);
  CONSTANT(POLLHUP);
  CONSTANT(POLLNVAL);
  CONSTANT(EFD_CLOEXEC);
  CONSTANT(EFD_NONBLOCK);
  CONSTANT(PR_SET_PDEATHSIG);
  CONSTANT(FUTEX_WAIT);
  CONSTANT(FUTEX_WAKE);
  CONSTANT(CLONE_VM);
  CONSTANT(CLONE_FS);
  CONSTANT(CLONE_FILES);
  CONSTANT(CLONE_SIGHAND);
  CONSTANT(CLONE_THREAD);
  CONSTANT(CLONE_SYSVSEM);
  CONSTANT(SA_SIGINFO);
  CONSTANT(SA_RESTORER);
  CONSTANT(SIGKILL);
  CONSTANT(SIGBUS);
  CONSTANT(SIGSEGV);
  CONSTANT(SIGUSR1);
  CONSTANT(SIGUSR2);
  CONSTANT(SIGCHLD);
  CONSTANT(PAGEMAP_SCAN);
  CONSTANT(PAGE_IS_WPALLOWED);
  CONSTANT(PAGE_IS_WRITTEN);
  CONSTANT(PAGE_IS_FILE);
  CONSTANT(PAGE_IS_PRESENT);
  CONSTANT(PAGE_IS_SWAPPED);
  CONSTANT(PAGE_IS_PFNZERO);
  CONSTANT(PAGE_IS_HUGE);
  CONSTANT(PAGE_IS_SOFT_DIRTY);
  CONSTANT(RWF_NOWAIT);
  CONSTANT(FSOPEN_CLOEXEC);
  CONSTANT(FSCONFIG_CMD_CREATE);
  CONSTANT(FSMOUNT_CLOEXEC);
  CONSTANT(AF_UNIX);
  CONSTANT(SOCK_STREAM);
  CONSTANT(SOCK_CLOEXEC);
  CONSTANT(SOCK_NONBLOCK);
  CONSTANT(SOL_SOCKET);
  CONSTANT(SO_PEERCRED);
  CONSTANT(SCM_RIGHTS);
  CONSTANT(MSG_CTRUNC);
  CONSTANT(MSG_TRUNC);
  CONSTANT(MSG_NOSIGNAL);
  CONSTANT(MSG_CMSG_CLOEXEC);
  CONSTANT(SHUT_RDWR);
  CONSTANT(KVM_API_VERSION);
  CONSTANT(KVM_GET_API_VERSION);
  CONSTANT(KVM_CREATE_VM);
  CONSTANT(KVM_CHECK_EXTENSION);
  CONSTANT(KVM_GET_VCPU_MMAP_SIZE);
  CONSTANT(KVM_GET_SUPPORTED_CPUID);
  CONSTANT(KVM_CREATE_VCPU);
  CONSTANT(KVM_SET_USER_MEMORY_REGION);
  CONSTANT(KVM_SET_TSS_ADDR);
  CONSTANT(KVM_SET_USER_MEMORY_REGION2);
  CONSTANT(KVM_RUN);
  CONSTANT(KVM_GET_REGS);
  CONSTANT(KVM_SET_REGS);
  CONSTANT(KVM_GET_SREGS);
  CONSTANT(KVM_SET_SREGS);
  CONSTANT(KVM_TRANSLATE);
  CONSTANT(KVM_GET_MSRS);
  CONSTANT(KVM_SET_MSRS);
  CONSTANT(KVM_SET_CPUID2);
  CONSTANT(KVM_CREATE_GUEST_MEMFD);
  CONSTANT(KVM_CAP_USER_MEMORY2);
  CONSTANT(KVM_CAP_GUEST_MEMFD);
  CONSTANT(KVM_CAP_GUEST_MEMFD_FLAGS);
  CONSTANT(KVM_MEM_GUEST_MEMFD);
  CONSTANT(GUEST_MEMFD_FLAG_MMAP);
  CONSTANT(GUEST_MEMFD_FLAG_INIT_SHARED);
  CONSTANT(KVM_EXIT_UNKNOWN);
  CONSTANT(KVM_EXIT_IO);
  CONSTANT(KVM_EXIT_HLT);
  CONSTANT(KVM_EXIT_MMIO);
  CONSTANT(KVM_EXIT_SHUTDOWN);
  CONSTANT(KVM_EXIT_FAIL_ENTRY);
  CONSTANT(KVM_EXIT_INTR);
  CONSTANT(KVM_EXIT_INTERNAL_ERROR);
  CONSTANT(KVM_EXIT_MEMORY_FAULT);
  CONSTANT(MSR_KVM_SYSTEM_TIME_NEW);
  CONSTANT(MSR_KVM_STEAL_TIME);
  SIZE(uffdio_api);
  OFFSET(uffdio_api, api);
  OFFSET(uffdio_api, features);
  OFFSET(uffdio_api, ioctls);
  SIZE(uffdio_range);
  OFFSET(uffdio_range, start);
  OFFSET(uffdio_range, len);
  SIZE(uffdio_register);
  OFFSET(uffdio_register, range.start);
  OFFSET(uffdio_register, range.len);
  OFFSET(uffdio_register, mode);
  OFFSET(uffdio_register, ioctls);
  SIZE(uffdio_copy);
  OFFSET(uffdio_copy, dst);
  OFFSET(uffdio_copy, src);
  OFFSET(uffdio_copy, len);
  OFFSET(uffdio_copy, mode);
  OFFSET(uffdio_copy, copy);
  SIZE(uffdio_zeropage);
  OFFSET(uffdio_zeropage, range.start);
  OFFSET(uffdio_zeropage, range.len);
  OFFSET(uffdio_zeropage, mode);
  OFFSET(uffdio_zeropage, zeropage);
  SIZE(uffdio_move);
  OFFSET(uffdio_move, dst);
  OFFSET(uffdio_move, src);
  OFFSET(uffdio_move, len);
  OFFSET(uffdio_move, mode);
  OFFSET(uffdio_move, move);
  SIZE(uffdio_writeprotect);
  OFFSET(uffdio_writeprotect, range.start);
  OFFSET(uffdio_writeprotect, range.len);
  OFFSET(uffdio_writeprotect, mode);
  SIZE(uffdio_continue);
  OFFSET(uffdio_continue, range.start);
  OFFSET(uffdio_continue, range.len);
  OFFSET(uffdio_continue, mode);
  OFFSET(uffdio_continue, mapped);
  SIZE(uffdio_poison);
  OFFSET(uffdio_poison, range.start);
  OFFSET(uffdio_poison, range.len);
  OFFSET(uffdio_poison, mode);
  OFFSET(uffdio_poison, updated);
  SIZE(uffd_msg);
  OFFSET(uffd_msg, event);
  OFFSET(uffd_msg, arg.pagefault.flags);
  OFFSET(uffd_msg, arg.pagefault.address);
  OFFSET(uffd_msg, arg.pagefault.feat.ptid);
  OFFSET(uffd_msg, arg.remap.from);
  OFFSET(uffd_msg, arg.remap.to);
  OFFSET(uffd_msg, arg.remap.len);
  OFFSET(uffd_msg, arg.remove.start);
  OFFSET(uffd_msg, arg.remove.end);
  OFFSET(uffd_msg, arg.fork.ufd);
  SIZE(pollfd);
  OFFSET(pollfd, fd);
  OFFSET(pollfd, events);
  OFFSET(pollfd, revents);
  SIZE(timespec);
  OFFSET(timespec, tv_sec);
  OFFSET(timespec, tv_nsec);
  SIZE(iovec);
  OFFSET(iovec, iov_base);
  OFFSET(iovec, iov_len);
  SIZE(pm_scan_arg);
  OFFSET(pm_scan_arg, size);
  OFFSET(pm_scan_arg, flags);
  OFFSET(pm_scan_arg, start);
  OFFSET(pm_scan_arg, end);
  OFFSET(pm_scan_arg, walk_end);
  OFFSET(pm_scan_arg, vec);
  OFFSET(pm_scan_arg, vec_len);
  OFFSET(pm_scan_arg, max_pages);
  OFFSET(pm_scan_arg, category_inverted);
  OFFSET(pm_scan_arg, category_mask);
  OFFSET(pm_scan_arg, category_anyof_mask);
  OFFSET(pm_scan_arg, return_mask);
  SIZE(page_region);
  OFFSET(page_region, start);
  OFFSET(page_region, end);
  OFFSET(page_region, categories);
  SIZE(sockaddr_un);
  OFFSET(sockaddr_un, sun_family);
  OFFSET(sockaddr_un, sun_path);
  SIZE(msghdr);
  OFFSET(msghdr, msg_name);
  OFFSET(msghdr, msg_namelen);
  OFFSET(msghdr, msg_iov);
  OFFSET(msghdr, msg_iovlen);
  OFFSET(msghdr, msg_control);
  OFFSET(msghdr, msg_controllen);
  OFFSET(msghdr, msg_flags);
  SIZE(cmsghdr);
  OFFSET(cmsghdr, cmsg_len);
  OFFSET(cmsghdr, cmsg_level);
  OFFSET(cmsghdr, cmsg_type);
  SIZE(ucred);
  OFFSET(ucred, pid);
  OFFSET(ucred, uid);
  OFFSET(ucred, gid);
  SIZE(kvm_userspace_memory_region);
  OFFSET(kvm_userspace_memory_region, slot);
  OFFSET(kvm_userspace_memory_region, flags);
  OFFSET(kvm_userspace_memory_region, guest_phys_addr);
  OFFSET(kvm_userspace_memory_region, memory_size);
  OFFSET(kvm_userspace_memory_region, userspace_addr);
  SIZE(kvm_userspace_memory_region2);
  OFFSET(kvm_userspace_memory_region2, slot);
  OFFSET(kvm_userspace_memory_region2, flags);
  OFFSET(kvm_userspace_memory_region2, guest_phys_addr);
  OFFSET(kvm_userspace_memory_region2, memory_size);
  OFFSET(kvm_userspace_memory_region2, userspace_addr);
  OFFSET(kvm_userspace_memory_region2, guest_memfd_offset);
  OFFSET(kvm_userspace_memory_region2, guest_memfd);
  SIZE(kvm_create_guest_memfd);
  OFFSET(kvm_create_guest_memfd, size);
  OFFSET(kvm_create_guest_memfd, flags);
  SIZE(kvm_regs);
  OFFSET(kvm_regs, rax);
  OFFSET(kvm_regs, rbx);
  OFFSET(kvm_regs, rcx);
  OFFSET(kvm_regs, rdx);
  OFFSET(kvm_regs, rsi);
  OFFSET(kvm_regs, rdi);
  OFFSET(kvm_regs, rsp);
  OFFSET(kvm_regs, rbp);
  OFFSET(kvm_regs, r8);
  OFFSET(kvm_regs, r9);
  OFFSET(kvm_regs, r10);
  OFFSET(kvm_regs, r11);
  OFFSET(kvm_regs, r12);
  OFFSET(kvm_regs, r13);
  OFFSET(kvm_regs, r14);
  OFFSET(kvm_regs, r15);
  OFFSET(kvm_regs, rip);
  OFFSET(kvm_regs, rflags);
  SIZE(kvm_segment);
  OFFSET(kvm_segment, base);
  OFFSET(kvm_segment, limit);
  OFFSET(kvm_segment, selector);
  OFFSET(kvm_segment, type);
  OFFSET(kvm_segment, present);
  OFFSET(kvm_segment, dpl);
  OFFSET(kvm_segment, db);
  OFFSET(kvm_segment, s);
  OFFSET(kvm_segment, l);
  OFFSET(kvm_segment, g);
  OFFSET(kvm_segment, avl);
  OFFSET(kvm_segment, unusable);
  OFFSET(kvm_segment, padding);
  SIZE(kvm_dtable);
  OFFSET(kvm_dtable, base);
  OFFSET(kvm_dtable, limit);
  SIZE(kvm_sregs);
  OFFSET(kvm_sregs, cs);
  OFFSET(kvm_sregs, ds);
  OFFSET(kvm_sregs, es);
  OFFSET(kvm_sregs, fs);
  OFFSET(kvm_sregs, gs);
  OFFSET(kvm_sregs, ss);
  OFFSET(kvm_sregs, tr);
  OFFSET(kvm_sregs, ldt);
  OFFSET(kvm_sregs, gdt);
  OFFSET(kvm_sregs, idt);
  OFFSET(kvm_sregs, cr0);
  OFFSET(kvm_sregs, cr2);
  OFFSET(kvm_sregs, cr3);
  OFFSET(kvm_sregs, cr4);
  OFFSET(kvm_sregs, cr8);
  OFFSET(kvm_sregs, efer);
  OFFSET(kvm_sregs, apic_base);
  SIZE(kvm_translation);
  OFFSET(kvm_translation, linear_address);
  OFFSET(kvm_translation, physical_address);
  OFFSET(kvm_translation, valid);
  OFFSET(kvm_translation, writeable);
  OFFSET(kvm_translation, usermode);
  SIZE(kvm_msrs);
  OFFSET(kvm_msrs, nmsrs);
  SIZE(kvm_msr_entry);
  OFFSET(kvm_msr_entry, index);
  OFFSET(kvm_msr_entry, reserved);
  OFFSET(kvm_msr_entry, data);
  SIZE(kvm_run);
  OFFSET(kvm_run, request_interrupt_window);
  OFFSET(kvm_run, immediate_exit);
  OFFSET(kvm_run, exit_reason);
  OFFSET(kvm_run, mmio.phys_addr);
  OFFSET(kvm_run, mmio.data);
  OFFSET(kvm_run, mmio.len);
  OFFSET(kvm_run, mmio.is_write);
  OFFSET(kvm_run, memory_fault.flags);
  OFFSET(kvm_run, memory_fault.gpa);
  OFFSET(kvm_run, memory_fault.size);
  return 0;
}
