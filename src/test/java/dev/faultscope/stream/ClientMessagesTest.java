package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.session.Command;
import dev.faultscope.session.Pace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessagesTest {
  @Test
  void messagesOfTheProtocolAreRead() throws Exception {
    assertThat(ClientMessages.read("{\"type\":\"hello\",\"protocol\":1,\"resume\":null}"))
        .isEqualTo(new ClientMessage.Hello(null, 0));
    assertThat(
            ClientMessages.read(
                "{\"type\":\"hello\",\"protocol\":1,\"resume\":{\"epoch\":4294967295,\"seq\":7},\"seq\":9}"))
        .isEqualTo(new ClientMessage.Hello(new ClientMessage.Resume(4294967295L, 7), 9));
    assertThat(ClientMessages.read("{\"type\":\"seek\",\"timeNs\":12}"))
        .isEqualTo(new ClientMessage.Act(new Command.SeekTime(12)));
    assertThat(
            ClientMessages.read(
                "{\"type\":\"step\",\"by\":-3,\"unit\":\"page\",\"region\":0,\"page\":419}"))
        .isEqualTo(new ClientMessage.Act(new Command.Step(-3, Command.Unit.PAGE, 0, 419, null)));
    assertThat(ClientMessages.read("{\"type\":\"play\",\"timeScale\":0.5}"))
        .isEqualTo(new ClientMessage.Act(new Command.Play(new Pace.Time(0.5))));
    assertThat(ClientMessages.read("{\"type\":\"view\",\"region\":1,\"first\":0,\"count\":512}"))
        .isEqualTo(new ClientMessage.View(1, 0, 512));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"type\":\"shutdown\"}",
        "{\"type\":\"hello\",\"protocol\":2}",
        "{\"type\":\"ack\"}",
        "{\"type\":\"ack\",\"frames\":-1}",
        "{\"type\":\"ack\",\"frames\":1.5}",
        "{\"type\":\"ack\",\"frames\":99999999999999999999}",
        "{\"type\":\"seek\",\"seq\":\"1\"}",
        "{\"type\":\"step\",\"by\":0,\"unit\":\"event\"}",
        "{\"type\":\"step\",\"by\":1001,\"unit\":\"event\"}",
        "{\"type\":\"step\",\"by\":1,\"unit\":\"page\"}",
        "{\"type\":\"step\",\"by\":1,\"unit\":\"century\"}",
        "{\"type\":\"find\",\"query\":\"kind = wake\",\"direction\":0}",
        "{\"type\":\"play\",\"eventsPerSecond\":0}",
        "{\"type\":\"play\",\"eventsPerSecond\":1e300}",
        "{\"type\":\"play\"}",
        "{\"type\":\"follow\",\"on\":1}"
      })
  void everythingElseIsRefusedWithAReason(String text) {
    assertThatThrownBy(() -> ClientMessages.read(text))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageMatching("(?s).{10,}");
  }
}
