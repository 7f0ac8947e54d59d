package dev.faultscope.timeline.query;

import dev.faultscope.timeline.query.Field.Type;
import dev.faultscope.timeline.query.Lexer.Kind;
import dev.faultscope.timeline.query.Lexer.Token;
import dev.faultscope.timeline.query.Predicate.And;
import dev.faultscope.timeline.query.Predicate.Has;
import dev.faultscope.timeline.query.Predicate.Name;
import dev.faultscope.timeline.query.Predicate.Named;
import dev.faultscope.timeline.query.Predicate.Not;
import dev.faultscope.timeline.query.Predicate.Or;
import dev.faultscope.timeline.query.Predicate.Range;
import dev.faultscope.timeline.query.Predicate.Within;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads a predicate by recursive descent and checks that fields, operators and values fit. */
final class Parser {
  /** Deepest nesting of parentheses and {@code not}. */
  private static final int MAX_DEPTH = 64;

  private final List<Token> tokens;
  private int at;
  private int depth;

  Parser(String text) {
    if (text.length() > Query.MAX_CHARS) {
      throw new QueryException(
          Query.MAX_CHARS, "a predicate has at most " + Query.MAX_CHARS + " characters");
    }
    tokens = Lexer.tokens(text);
  }

  Predicate parse() {
    Predicate predicate = any();
    if (peek().kind() != Kind.END) {
      throw unexpected("\"and\", \"or\" or the end");
    }
    return predicate;
  }

  private Predicate any() {
    List<Predicate> parts = joined("or", this::all);
    return parts.size() == 1 ? parts.getFirst() : new Or(parts);
  }

  private Predicate all() {
    List<Predicate> parts = joined("and", this::one);
    return parts.size() == 1 ? parts.getFirst() : new And(parts);
  }

  private List<Predicate> joined(String word, Supplier<Predicate> part) {
    List<Predicate> parts = new ArrayList<>();
    do {
      parts.add(part.get());
    } while (take(word));
    return List.copyOf(parts);
  }

  private Predicate one() {
    if (++depth > MAX_DEPTH) {
      throw new QueryException(
          peek().position(), "a predicate is nested at most " + MAX_DEPTH + " deep");
    }
    Predicate predicate;
    if (take("not")) {
      predicate = new Not(one());
    } else if (take("(")) {
      predicate = any();
      if (!take(")")) {
        throw unexpected("\")\", \"and\" or \"or\"");
      }
    } else {
      predicate = comparison();
    }
    depth--;
    return predicate;
  }

  private Predicate comparison() {
    Field field = field();
    if (field.type() == Type.BITS) {
      return bits(field);
    }
    Token operator = peek();
    if (take("in")) {
      return in(field);
    }
    if (take("=") || take("==")) {
      return equal(field, false);
    }
    if (take("!=")) {
      return equal(field, true);
    }
    boolean ordered = field.type() == Type.NUMBER || field.type() == Type.DURATION;
    if (!ordered) {
      throw unexpected("an operator for " + field.word() + ": =, != or in");
    }
    if (take("<") || take("<=") || take(">") || take(">=")) {
      long value = Values.number(field, next());
      Range range =
          switch (operator.text()) {
            case "<" -> new Range(0, value - 1);
            case "<=" -> new Range(0, value);
            case ">" -> new Range(value + 1, Long.MAX_VALUE);
            default -> new Range(value, Long.MAX_VALUE);
          };
      return new Within(field, List.of(range), false);
    }
    throw unexpected("an operator for " + field.word() + ": =, !=, <, <=, >, >= or in");
  }

  private Field field() {
    Token token = next();
    if (token.kind() == Kind.WORD) {
      for (Field field : Field.values()) {
        if (token.is(field.word())) {
          return field;
        }
      }
      List<String> words = List.of(Field.values()).stream().map(Field::word).toList();
      throw new QueryException(
          token.position(),
          "unknown field \""
              + token.text()
              + "\""
              + Nearest.hint(token.text(), words)
              + "; fields are "
              + Field.all());
    }
    throw new QueryException(
        token.position(), "expected a field, not " + token.shown() + "; fields are " + Field.all());
  }

  private Predicate bits(Field field) {
    boolean flag = field == Field.FLAG;
    if (take("has") || (flag && (take("=") || take("==")))) {
      return new Has(field, Values.bit(field, next()));
    }
    if (flag && take("!=")) {
      return new Not(new Has(field, Values.bit(field, next())));
    }
    throw unexpected("\"has\" after " + field.word() + ", as in " + field.word() + " has minor");
  }

  private Predicate equal(Field field, boolean outside) {
    if (field.type() == Type.NAME) {
      return new Named(field, List.of(name(field)), outside);
    }
    long value = Values.number(field, next());
    return new Within(field, List.of(new Range(value, value)), outside);
  }

  private Predicate in(Field field) {
    boolean list = take("{");
    List<Range> ranges = new ArrayList<>();
    List<Name> names = new ArrayList<>();
    do {
      if (field.type() == Type.NAME) {
        names.add(name(field));
      } else {
        ranges.add(range(field));
      }
    } while (list && take(","));
    if (list && !take("}")) {
      throw unexpected("\",\" or \"}\"");
    }
    return field.type() == Type.NAME
        ? new Named(field, List.copyOf(names), false)
        : new Within(field, List.copyOf(ranges), false);
  }

  private Range range(Field field) {
    Token first = next();
    long low = Values.number(field, first);
    if (!take("..")) {
      return new Range(low, low);
    }
    long high = Values.number(field, next());
    if (high < low) {
      throw new QueryException(
          first.position(), "this range ends before it begins: write it as lowest..highest");
    }
    return new Range(low, high);
  }

  private Name name(Field field) {
    Token token = next();
    return switch (token.kind()) {
      case WORD, STRING, NUMBER -> new Name(token.text(), token.position());
      case SYMBOL, END ->
          throw new QueryException(
              token.position(),
              "expected the name or index of a " + field.word() + ", not " + token.shown());
    };
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  private boolean take(String symbol) {
    if (peek().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  private QueryException unexpected(String expected) {
    return new QueryException(
        peek().position(), "expected " + expected + ", not " + peek().shown());
  }
}
