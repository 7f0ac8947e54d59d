package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.library.Library;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a view asks of a recording beside watching it. */
@WebMvcTest(QuestionsController.class)
@Import(OneSample.class)
class QuestionsControllerTest {
  @Autowired MockMvcTester mvc;
  @Autowired Library library;

  @BeforeEach
  void readTheSample() {
    OneSample.awaitRead(library);
  }

  private MvcTestResult get(String path) {
    return mvc.get().uri(OneSample.RECORDING + path).exchange();
  }

  private JsonNode json(String path) {
    MvcTestResult result = get(path);
    assertThat(result).hasStatusOk();
    try {
      return JsonMapper.builder()
          .build()
          .readTree(result.getResponse().getContentAsString(StandardCharsets.UTF_8));
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stretchHasTheEventsThatAPredicateFindsInIt() {
    JsonNode events = json("/search?query=time >= 0ns&limit=1000").get("hits");
    long fromNs = events.get(events.size() / 3).get("timeNs").asLong();
    long toNs = events.get(events.size() / 2).get("timeNs").asLong();
    String within = "time >= %dns and time < %dns".formatted(fromNs, toNs);
    long hits = json("/hits?query=" + within).get("count").asLong();
    JsonNode stretch = json("/stretch?fromNs=" + fromNs + "&toNs=" + toNs);

    assertThat(hits).isPositive();
    assertThat(stretch.get("events").asLong()).isEqualTo(hits);
    assertThat(stretch.get("last").asLong() - stretch.get("first").asLong() + 1).isEqualTo(hits);
  }

  @Test
  void stretchBehindTheEndHasNoEventAndOneWithoutTimeIsNone() {
    long end = json("/stretch?fromNs=0&toNs=9000000000000000000").get("events").asLong();
    JsonNode behind = json("/stretch?fromNs=8000000000000000000&toNs=9000000000000000000");
    assertThat(behind.get("events").asLong()).isZero();
    assertThat(behind.get("last").asLong()).isEqualTo(end);
    assertThat(get("/stretch?fromNs=5&toNs=5")).hasStatus(400);
  }

  @Test
  void besideStandsAtTheMomentOfEitherSideAndAtWhatEachStepLeadsTo() {
    String beside = "/beside?with=sample-small&align=time";
    JsonNode there = json(beside + "&rightSeq=8");
    assertThat(there.get("right").get("seq").asLong()).isEqualTo(8);
    JsonNode next = there.get("steps").get("forward");
    String nth = next.get("nth").isNull() ? "" : "&nth=" + next.get("nth").asLong();
    JsonNode stepped = json(beside + "&at=" + next.get("at").asLong() + nth);
    assertThat(stepped.get("left").get("seq").asLong()).isEqualTo(9);
    assertThat(stepped.get("pages").get("differing")).isEmpty();
  }

  @Test
  void besideWithoutAPositionOrWithWhatIsNoneSaysWhatCanBeAsked() {
    String beside = "/beside?with=sample-small";
    assertThat(get(beside)).hasStatus(400);
    assertThat(get(beside + "&at=1&leftSeq=1")).hasStatus(400);
    assertThat(get(beside + "&at=-1")).hasStatus(400);
    assertThat(get(beside + "&leftSeq=99999999")).hasStatus(400);
    assertThat(get(beside + "&at=1&align=clock"))
        .hasStatus(400)
        .bodyText()
        .contains("align is one of time, fault, pages, not clock");
    assertThat(get("/beside?with=nowhere&at=1")).hasStatus(404);
  }
}
