package dev.faultscope.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where a command says what. */
record Output(PrintWriter out, PrintWriter err) {
  /** {@return the writers of a command that picocli made} */
  static Output of(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the specification before it calls");
    }
    return new Output(spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  /** Says a result. */
  void say(String text) {
    out.println(text);
    out.flush();
  }

  /** {@return a result as indented JSON} */
  static String json(Object result) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(result);
  }

  /** Says how things go, apart from the result. */
  void tell(String text) {
    err.println(text);
    err.flush();
  }
}
