package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.live.ThisMachine;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** What this machine can do, over HTTP. */
@WebMvcTest(MachineController.class)
class MachineControllerTest {
  @Autowired MockMvcTester mvc;

  @TestConfiguration
  static class RealMachine {
    @Bean
    ThisMachine machine() {
      return new ThisMachine();
    }
  }

  @Test
  void everyGroupOfTrialsIsToldAndWhatAContainerNeeds() {
    assertThat(mvc.get().uri("/api/probe"))
        .hasStatusOk()
        .bodyJson()
        .satisfies(
            body -> {
              assertThat(body)
                  .extractingPath("$.groups[*].id")
                  .asArray()
                  .containsExactly("userfaultfd", "register", "kvm", "looking");
              assertThat(body)
                  .extractingPath("$.groups[*].trials[*].verdict")
                  .asArray()
                  .isNotEmpty()
                  .isSubsetOf("yes", "partly", "no");
              assertThat(body)
                  .extractingPath("$.options[*].option")
                  .asArray()
                  .contains("--device /dev/userfaultfd", "--device /dev/kvm");
              assertThat(body).extractingPath("$.kernel").asString().isNotBlank();
            });
  }
}
