package dev.faultscope.linux.remote;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * The program of a remote process, as an ELF file for x86-64 that needs no library.
 *
 * <p>Its first thread maps the shared slots, starts the thread of slot 0 and waits for the end of
 * its standard input, at which the process ends: it never outlives who made it. Every other thread
 * keeps the address of its slot in r15, sleeps in a futex until the slot's command number differs
 * from its done number, does what the slot says and copies the one to the other.
 *
 * <p>Offsets in a slot: 0 command, 4 done, 8 operation, 0x10 system call number, 0x18 to 0x40
 * arguments, 0x48 result, 0x50 signals handled, 0x58 signal that ended the operation, 0x60 thread
 * id, 0x68 slot of a new thread, 0x70 pages swept. Operations: 0 system call, 1 load, 2 store, 3
 * fill, 4 sweep over listed pages, 5 clone a thread, 6 fork.
 */
final class GuestImage {
  /** Where the slots are mapped in the remote process. */
  static final long SLOTS = 0x1000_0000_0000L;

  /** Where the stacks are, {@link #STACK_BYTES} a slot. */
  static final long STACKS = 0x1000_1000_0000L;

  static final long STACK_BYTES = 0x8000;

  private static final long LOAD_ADDRESS = 0x40_0000;
  private static final int HEADER_BYTES = 0x78;

  private static final String LISTING =
      """
      start:
      48 8b 74 24 10                 ; mov rsi,[rsp+0x10]
      bf 9c ff ff ff                 ; mov edi,0xffffff9c
      ba 02 00 08 00                 ; mov edx,0x80002
      45 31 d2                       ; xor r10d,r10d
      b8 01 01 00 00                 ; mov eax,0x101
      0f 05                          ; syscall
      85 c0                          ; test eax,eax
      0f 88 9d 00 00 00              ; js gone
      41 89 c0                       ; mov r8d,eax
      48 bf 00 00 00 00 00 10 00 00  ; movabs rdi,0x100000000000
      be 00 00 20 00                 ; mov esi,0x200000
      ba 03 00 00 00                 ; mov edx,0x3
      41 ba 11 00 00 00              ; mov r10d,0x11
      45 31 c9                       ; xor r9d,r9d
      b8 09 00 00 00                 ; mov eax,0x9
      0f 05                          ; syscall
      48 85 c0                       ; test rax,rax
      78 71                          ; js gone
      49 89 c7                       ; mov r15,rax
      44 89 c7                       ; mov edi,r8d
      b8 03 00 00 00                 ; mov eax,0x3
      0f 05                          ; syscall
      48 bf 00 00 00 10 00 10 00 00  ; movabs rdi,0x100010000000
      be 00 00 00 01                 ; mov esi,0x1000000
      ba 03 00 00 00                 ; mov edx,0x3
      41 ba 32 40 00 00              ; mov r10d,0x4032
      41 b8 ff ff ff ff              ; mov r8d,0xffffffff
      45 31 c9                       ; xor r9d,r9d
      b8 09 00 00 00                 ; mov eax,0x9
      0f 05                          ; syscall
      48 85 c0                       ; test rax,rax
      78 35                          ; js gone
      48 8d b0 00 80 00 00           ; lea rsi,[rax+0x8000]
      bf 00 0f 05 00                 ; mov edi,0x50f00
      31 d2                          ; xor edx,edx
      45 31 d2                       ; xor r10d,r10d
      45 31 c0                       ; xor r8d,r8d
      b8 38 00 00 00                 ; mov eax,0x38
      0f 05                          ; syscall
      48 85 c0                       ; test rax,rax
      74 2f                          ; je born
      watch:
      31 ff                          ; xor edi,edi
      48 8d 74 24 c0                 ; lea rsi,[rsp-0x40]
      ba 40 00 00 00                 ; mov edx,0x40
      31 c0                          ; xor eax,eax
      0f 05                          ; syscall
      48 85 c0                       ; test rax,rax
      7f eb                          ; jg watch
      gone:
      31 ff                          ; xor edi,edi
      b8 e7 00 00 00                 ; mov eax,0xe7
      0f 05                          ; syscall
      forked:
      bf 01 00 00 00                 ; mov edi,0x1
      be 09 00 00 00                 ; mov esi,0x9
      b8 9d 00 00 00                 ; mov eax,0x9d
      0f 05                          ; syscall
      born:
      b8 ba 00 00 00                 ; mov eax,0xba
      0f 05                          ; syscall
      41 89 47 60                    ; mov [r15+0x60],eax
      loop:
      41 8b 17                       ; mov edx,[r15]
      41 3b 57 04                    ; cmp edx,[r15+0x4]
      75 11                          ; jne work
      4c 89 ff                       ; mov rdi,r15
      31 f6                          ; xor esi,esi
      45 31 d2                       ; xor r10d,r10d
      b8 ca 00 00 00                 ; mov eax,0xca
      0f 05                          ; syscall
      eb e6                          ; jmp loop
      work:
      49 8b 47 08                    ; mov rax,[r15+0x8]
      83 f8 01                       ; cmp eax,0x1
      74 4a                          ; je load
      83 f8 02                       ; cmp eax,0x2
      74 4e                          ; je store
      83 f8 03                       ; cmp eax,0x3
      74 55                          ; je fill
      83 f8 04                       ; cmp eax,0x4
      74 60                          ; je sweep
      49 8b 7f 18                    ; mov rdi,[r15+0x18]
      49 8b 77 20                    ; mov rsi,[r15+0x20]
      49 8b 57 28                    ; mov rdx,[r15+0x28]
      4d 8b 57 30                    ; mov r10,[r15+0x30]
      4d 8b 47 38                    ; mov r8,[r15+0x38]
      4d 8b 4f 40                    ; mov r9,[r15+0x40]
      49 8b 47 10                    ; mov rax,[r15+0x10]
      0f 05                          ; syscall
      41 83 7f 08 05                 ; cmp [r15+0x8],0x5
      72 78                          ; jb finish
      48 85 c0                       ; test rax,rax
      75 73                          ; jne finish
      41 83 7f 08 06                 ; cmp [r15+0x8],0x6
      4d 8b 7f 68                    ; mov r15,[r15+0x68]
      0f 84 79 ff ff ff              ; je forked
      eb 88                          ; jmp born
      load:
      49 8b 7f 18                    ; mov rdi,[r15+0x18]
      0f b6 07                       ; movzx eax,[rdi]
      eb 59                          ; jmp finish
      store:
      49 8b 7f 18                    ; mov rdi,[r15+0x18]
      49 8b 47 20                    ; mov rax,[r15+0x20]
      88 07                          ; mov [rdi],al
      eb 4d                          ; jmp finish
      fill:
      49 8b 7f 18                    ; mov rdi,[r15+0x18]
      49 8b 47 20                    ; mov rax,[r15+0x20]
      49 8b 4f 28                    ; mov rcx,[r15+0x28]
      f3 aa                          ; rep stos es:[rdi],al
      eb 3d                          ; jmp finish
      sweep:
      49 8b 7f 18                    ; mov rdi,[r15+0x18]
      49 8b 77 20                    ; mov rsi,[r15+0x20]
      49 8b 4f 28                    ; mov rcx,[r15+0x28]
      31 c0                          ; xor eax,eax
      31 d2                          ; xor edx,edx
      next:
      48 39 ca                       ; cmp rdx,rcx
      73 28                          ; jae finish
      44 8b 0c 96                    ; mov r9d,[rsi+rdx*4]
      41 0f ba f1 1f                 ; btr r9d,0x1f
      45 19 c0                       ; sbb r8d,r8d
      49 c1 e1 0c                    ; shl r9,0xc
      49 01 f9                       ; add r9,rdi
      45 85 c0                       ; test r8d,r8d
      74 04                          ; je look
      49 89 51 08                    ; mov [r9+0x8],rdx
      look:
      49 03 01                       ; add rax,[r9]
      48 ff c2                       ; inc rdx
      49 89 57 70                    ; mov [r15+0x70],rdx
      eb d3                          ; jmp next
      finish:
      49 89 47 48                    ; mov [r15+0x48],rax
      41 8b 07                       ; mov eax,[r15]
      41 89 47 04                    ; mov [r15+0x4],eax
      49 8d 7f 04                    ; lea rdi,[r15+0x4]
      be 01 00 00 00                 ; mov esi,0x1
      ba 01 00 00 00                 ; mov edx,0x1
      b8 ca 00 00 00                 ; mov eax,0xca
      0f 05                          ; syscall
      e9 0c ff ff ff                 ; jmp loop
      on_fault:
      41 89 7f 58                    ; mov [r15+0x58],edi
      48 8d 05 d0 ff ff ff           ; lea rax,[rip+finish]
      48 89 82 a8 00 00 00           ; mov [rdx+0xa8],rax
      c3                             ; ret
      on_signal:
      f0 49 ff 47 50                 ; lock inc [r15+0x50]
      c3                             ; ret
      restorer:
      b8 0f 00 00 00                 ; mov eax,0xf
      0f 05                          ; syscall
      """;

  private static final Map<String, Long> LABELS = new HashMap<>();
  private static final byte[] CODE = assemble();

  private GuestImage() {}

  private static byte[] assemble() {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    for (String line : LISTING.lines().toList()) {
      if (line.endsWith(":")) {
        LABELS.put(line.substring(0, line.length() - 1), LOAD_ADDRESS + HEADER_BYTES + code.size());
      } else {
        String hex = line.substring(0, line.indexOf(';')).replace(" ", "");
        code.writeBytes(HexFormat.of().parseHex(hex));
      }
    }
    return code.toByteArray();
  }

  /** {@return the address of a label of the program} */
  static long address(String label) {
    return Objects.requireNonNull(LABELS.get(label), label);
  }

  /** {@return the whole file: an ELF header, one segment to load, the code} */
  static byte[] file() {
    long size = HEADER_BYTES + (long) CODE.length;
    ByteBuffer elf = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
    elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64
    elf.putLong(LOAD_ADDRESS + HEADER_BYTES).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
    elf.putInt(1).putInt(5).putLong(0); // PT_LOAD, readable and executable
    elf.putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS).putLong(size).putLong(size).putLong(4096);
    return elf.put(CODE).array();
  }
}
