package dev.faultscope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceHead;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFormatsTest {
  private static final String FTRACE =
      "     u-11771   [000] d....   719.078508: page_fault_user: address=0x1000 ip=0x2"
          + " error_code=0x4";

  @Test
  void knowsEachFormatByItsContent() throws TraceException {
    assertThat(detect("# tracer: nop\n#\n")).isEqualTo("ftrace");
    assertThat(detect(FTRACE)).isEqualTo("ftrace");
    assertThat(detect("cpus=2\n a-1 [000] 1.000000: x: y\n")).isEqualTo("trace-cmd");
    assertThat(detect("  CPU 5/KVM-4145 [002] 86.581928: kvm_entry: vcpu 5\n"))
        .isEqualTo("trace-cmd");
    assertThat(detect("   u 11810 [000]   719.500270:   exceptions:page_fault_user: address=0x1\n"))
        .isEqualTo("perf-script");
    assertThat(detect("   u 11810/11811   719.500270:   kvm:kvm_entry: vcpu 0\n"))
        .isEqualTo("perf-script");
    assertThat(detect("{\"faultscope\":\"ndjson\",\"version\":1}\n")).isEqualTo("ndjson");
    assertThat(detect("\u0089FSCOPE\n\u0001")).isEqualTo("fscope");
  }

  @Test
  void findsEventsBehindOtherLines() throws TraceException {
    assertThat(detect("Warning: something\n\n" + FTRACE)).isEqualTo("ftrace");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PERFILE2xxxx|perf script -i",
        "PK\u0003\u0004xxxx|zip archive",
        "1795.1 ioctl(4, UFFDIO_CONTINUE, 0x7ffd) = 0 <0.1>|looks like strace",
        "0.138 ( 0.000 ms): u/11825 minfault [_start+0x0] => x|looks like perf trace",
        "hello world|begins with 'hello world'",
        "{\"traceEvents\":[]}|is JSON, but not of this program",
        "''|is empty"
      })
  void saysWhatItSawAndWhatToDo(String content, String expected) {
    assertThatThrownBy(() -> detect(content))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining(expected)
        .hasMessageContaining("Supported are raw ftrace")
        .hasMessageContaining("file.bin");
  }

  @Test
  void pointsFromTheBinaryOfTraceCmdToItsText() {
    assertThatThrownBy(() -> detect("\u0017\b" + "Dtracing6"))
        .hasMessageContaining("trace-cmd report -i file.bin");
  }

  @Test
  void theEarliestSignWinsAndThenTheOrderOfTheList() throws TraceException {
    assertThat(detect("  CPU 5/KVM-4145 [002] 86.581928: kvm_entry: vcpu 5\n" + FTRACE))
        .isEqualTo("trace-cmd");
    assertThat(detect(FTRACE + "\n  CPU 5/KVM-4145 [002] 86.581928: kvm_entry: vcpu 5\n"))
        .isEqualTo("ftrace");
    assertThat(detect("# tracer: nop\n  CPU 5/KVM-4145 [002] 86.581928: kvm_entry: vcpu 5\n"))
        .isEqualTo("ftrace");
  }

  private static String detect(String content) throws TraceException {
    return TraceFormats.STANDARD
        .detect(new TraceHead(content.getBytes(StandardCharsets.ISO_8859_1)), "file.bin")
        .source();
  }
}
