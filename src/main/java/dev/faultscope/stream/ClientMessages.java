package dev.faultscope.stream;

import dev.faultscope.session.Command;
import dev.faultscope.session.Pace;
import dev.faultscope.session.query.Breakpoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads client messages and says what is wrong with those that are none. */
final class ClientMessages {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long MAX_SAFE = (1L << 53) - 1;

  private ClientMessages() {}

  static ClientMessage read(String text) throws MalformedMessageException {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new MalformedMessageException("the message is no JSON: " + e.getOriginalMessage());
    }
    if (!message.isObject()) {
      throw new MalformedMessageException("the message is no JSON object");
    }
    try {
      return read(message);
    } catch (IllegalArgumentException e) {
      String why = e.getMessage();
      throw new MalformedMessageException(why == null ? "a value is out of range" : why);
    }
  }

  private static ClientMessage read(JsonNode message) throws MalformedMessageException {
    String type = text(message, "type");
    return switch (type) {
      case "hello" -> hello(message);
      case "ack" -> new ClientMessage.Ack(number(message, "frames", 0, MAX_SAFE));
      case "view" ->
          new ClientMessage.View(
              index(message, "region"), index(message, "first"), index(message, "count"));
      case "tiles" -> new ClientMessage.Tiles(tiles(message));
      case "seek" -> new ClientMessage.Act(seek(message));
      case "step" -> new ClientMessage.Act(step(message));
      case "find" ->
          new ClientMessage.Act(
              new Command.Find(queries(message), (int) number(message, "direction", -1, 1)));
      case "play" -> new ClientMessage.Act(new Command.Play(pace(message)));
      case "pause" -> new ClientMessage.Act(new Command.Pause());
      case "follow" -> new ClientMessage.Act(new Command.Follow(flag(message, "on")));
      case "stream" -> new ClientMessage.Stream(flag(message, "on"));
      default -> throw new MalformedMessageException("type \"" + type + "\" is unknown");
    };
  }

  private static ClientMessage hello(JsonNode message) throws MalformedMessageException {
    if (number(message, "protocol", 0, MAX_SAFE) != 1) {
      throw new MalformedMessageException("protocol must be 1");
    }
    JsonNode resume = message.get("resume");
    return new ClientMessage.Hello(
        resume == null || resume.isNull()
            ? null
            : new ClientMessage.Resume(
                number(resume, "epoch", 0, 0xffff_ffffL), number(resume, "seq", 0, MAX_SAFE)),
        message.hasNonNull("seq") ? number(message, "seq", 0, MAX_SAFE) : 0);
  }

  private static Command seek(JsonNode message) throws MalformedMessageException {
    return message.hasNonNull("timeNs")
        ? new Command.SeekTime(number(message, "timeNs", 0, MAX_SAFE))
        : new Command.Seek(number(message, "seq", 0, MAX_SAFE));
  }

  private static Command step(JsonNode message) throws MalformedMessageException {
    String name = text(message, "unit");
    Command.Unit unit =
        Arrays.stream(Command.Unit.values())
            .filter(u -> u.name().toLowerCase(Locale.ROOT).equals(name))
            .findFirst()
            .orElseThrow(
                () -> new MalformedMessageException("unit must be event, fault, page or actor"));
    return new Command.Step(
        (int) number(message, "by", -Command.MAX_STEP, Command.MAX_STEP),
        unit,
        optionalIndex(message, "region"),
        optionalIndex(message, "page"),
        optionalIndex(message, "actor"));
  }

  /** One predicate, or several. */
  private static List<String> queries(JsonNode message) throws MalformedMessageException {
    JsonNode several = message.get("queries");
    if (several == null || several.isNull()) {
      return List.of(text(message, "query"));
    }
    if (!several.isArray() || several.size() > Breakpoints.MAX) {
      throw new MalformedMessageException(
          "queries must be a list of at most " + Breakpoints.MAX + " texts");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : several) {
      if (!each.isString()) {
        throw new MalformedMessageException("queries must be texts");
      }
      texts.add(each.stringValue());
    }
    return texts;
  }

  private static List<Tile> tiles(JsonNode message) throws MalformedMessageException {
    JsonNode tiles = message.get("tiles");
    if (tiles == null || !tiles.isArray() || tiles.size() > Tile.MOST_WATCHED) {
      throw new MalformedMessageException(
          "tiles must be a list of at most " + Tile.MOST_WATCHED + " tiles");
    }
    List<Tile> list = new ArrayList<>();
    for (JsonNode each : tiles) {
      list.add(new Tile(index(each, "region"), (int) number(each, "tile", 0, Tile.LAST)));
    }
    return list;
  }

  private static Pace pace(JsonNode message) throws MalformedMessageException {
    return message.hasNonNull("timeScale")
        ? new Pace.Time(real(message, "timeScale"))
        : new Pace.Events(real(message, "eventsPerSecond"));
  }

  private static @Nullable Integer optionalIndex(JsonNode message, String field)
      throws MalformedMessageException {
    return message.hasNonNull(field) ? index(message, field) : null;
  }

  private static int index(JsonNode message, String field) throws MalformedMessageException {
    return (int) number(message, field, 0, Integer.MAX_VALUE);
  }

  private static long number(JsonNode message, String field, long min, long max)
      throws MalformedMessageException {
    JsonNode value = message.get(field);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new MalformedMessageException(field + " must be a whole number");
    }
    long number = value.longValue();
    if (number < min || number > max) {
      throw new MalformedMessageException(field + " must be in " + min + ".." + max);
    }
    return number;
  }

  private static double real(JsonNode message, String field) throws MalformedMessageException {
    JsonNode value = message.get(field);
    if (value == null || !value.isNumber()) {
      throw new MalformedMessageException(field + " must be a number");
    }
    return value.doubleValue();
  }

  private static boolean flag(JsonNode message, String field) throws MalformedMessageException {
    JsonNode value = message.get(field);
    if (value == null || !value.isBoolean()) {
      throw new MalformedMessageException(field + " must be true or false");
    }
    return value.booleanValue();
  }

  private static String text(JsonNode message, String field) throws MalformedMessageException {
    JsonNode value = message.get(field);
    if (value == null || !value.isString()) {
      throw new MalformedMessageException(field + " must be a text");
    }
    return value.stringValue();
  }
}
