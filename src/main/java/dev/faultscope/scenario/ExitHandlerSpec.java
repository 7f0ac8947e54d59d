package dev.faultscope.scenario;

/**
 * What a VMM does when a vCPU exits because a KVM Userfault bit is set: its own thread fetches the
 * page and some around it, writes them into the file, clears their bits and enters the guest again.
 *
 * @param name what it is called
 * @param before pages before the faulting one
 * @param after pages after it
 * @param source where it gets pages from
 */
public record ExitHandlerSpec(String name, int before, int after, SourceSpec source) {}
