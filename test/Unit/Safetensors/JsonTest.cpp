#include "intaglio/Data/Json.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace intaglio;

static std::string errorOf(StringRef text) {
  Expected<json::Value> value = parseJson(text, "f");
  return value ? "" : toString(value.takeError());
}

TEST(Json, TakesValidText) {
  Expected<json::Value> value = parseJson(R"({"a": {"x": "{[\"x\":"}, "b": {"x": 1}})", "f");
  ASSERT_TRUE(bool(value)) << toString(value.takeError());
  EXPECT_EQ(value->getAsObject()->size(), 2u);
}

TEST(Json, RefusesKeysThatOccurTwice) {
  EXPECT_EQ(errorOf(R"({"a": 1, "b": {"c": 1, "c": 2}})"),
            "'f': key 'c' occurs twice in one JSON object");
  // The same key, once with an escape.
  EXPECT_EQ(errorOf(R"({"a": 1, "\u0061": 2})"), "'f': key 'a' occurs twice in one JSON object");
  EXPECT_EQ(errorOf(R"([{"a": 1}, {"a": 1}])"), "");
}

TEST(Json, RefusesDeepNesting) {
  EXPECT_EQ(errorOf(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(errorOf(std::string(65, '[') + std::string(65, ']')),
            "'f': JSON nested deeper than 64 levels");
  EXPECT_EQ(errorOf(std::string(1 << 20, '[')), "'f': JSON nested deeper than 64 levels");
}

TEST(Json, RefusesBrokenText) {
  for (StringRef text :
       {"", "{", "{\"a", "\"\\", "{\"a\" 1}", "[1,]", "{\"a\": \xff}", "]]", "{} {}"})
    EXPECT_TRUE(StringRef(errorOf(text)).starts_with("'f': not valid JSON")) << text.str();
}
