package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;

/**
 * A page that a mapping shows, and its bytes as the kernel's structures have them.
 *
 * @param bytes empty where there is none
 */
public record ShownPage(int region, int page, byte[] bytes) {
  /** {@return the first pages of every mapping, at most so many each} */
  public static List<ShownPage> of(Kernel kernel, int most) {
    List<ShownPage> pages = new ArrayList<>();
    for (Mm mm : kernel.mms()) {
      for (Vma vma : mm.all()) {
        for (long at = vma.start;
            at < vma.end && at < vma.start + most * PAGE_BYTES;
            at += PAGE_BYTES) {
          pages.add(new ShownPage(vma.region, vma.regionPageOf(at), bytes(kernel, vma, at)));
        }
      }
    }
    return pages;
  }

  private static byte[] bytes(Kernel kernel, Vma vma, long at) {
    boolean there =
        Pte.isPresent(vma.mm.pte(at))
            || (vma.file != null && vma.file.folio(vma.filePageOf(at)) != 0);
    byte[] bytes = new byte[there ? (int) PAGE_BYTES : 0];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) kernel.pages().peek(vma.mm, at + i);
    }
    return bytes;
  }
}
