package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.Task;

/**
 * Accesses by instructions of a thread.
 *
 * @param address of its memory's first byte
 * @param faultNs a fault that the kernel resolves by itself
 */
record UserAccess(Kernel kernel, Task task, long address, long faultNs) implements Worker.Access {
  @Override
  public void make(int page, boolean write) {
    kernel.access(task, addressOf(page), write, page & 0xff, AccessOrigin.USER);
  }

  @Override
  public boolean isMapped(int page) {
    return kernel.isMapped(task.mm(), addressOf(page));
  }

  @Override
  public long addressOf(int page) {
    return address + page * PAGE_BYTES;
  }
}
