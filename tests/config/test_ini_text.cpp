#include "ntkflow/config/ini_text.hpp"

#include "ntkflow/base/error.hpp"

#include <gtest/gtest.h>

namespace ntkflow {
namespace {

using namespace std::string_literals;

const std::vector<std::string> sections = {"input", "flow"};

std::vector<Setting> read(std::string_view text) {
  return parse_ini(text, "a.ini", sections);
}

std::string refusal(std::string_view text) {
  try {
    read(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(IniText, settings_know_their_section_and_line) {
  const auto settings =
      read("seed = 1\n\n# comment\n[input]\n  space=circle # why\n[flow]\nt_end = a=b\n");

  ASSERT_EQ(settings.size(), 3U);
  EXPECT_EQ(settings[0].key, "seed");
  EXPECT_EQ(settings[0].where, "a.ini:1");
  EXPECT_EQ(settings[1].key, "input.space");
  EXPECT_EQ(settings[1].value, "circle");
  EXPECT_EQ(settings[1].where, "a.ini:5");
  EXPECT_EQ(settings[2].value, "a=b");
  EXPECT_EQ(settings[2].where, "a.ini:7");
}

TEST(IniText, a_hash_begins_a_comment_inside_a_value_too) {
  EXPECT_EQ(read("path = run#3/mnist").at(0).value, "run");
  EXPECT_EQ(read("path = # nothing").at(0).value, "");
}

TEST(IniText, windows_line_ends_and_a_byte_order_mark_are_accepted) {
  const auto settings = read("\xef\xbb\xbfseed = 1\r\n[input]\r\nspace = circle\r\n");

  ASSERT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings[0].key, "seed");
  EXPECT_EQ(settings[1].value, "circle");
  EXPECT_EQ(settings[1].where, "a.ini:3");
}

TEST(IniText, no_text_has_no_settings) {
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("\n\r\n  \t\n#").empty());
  EXPECT_TRUE(read("[input]").empty());
}

TEST(IniText, malformed_lines_are_refused_with_their_number) {
  EXPECT_EQ(refusal("seed = 1\nsamples 1024\n"),
            "a.ini:2: 'samples 1024', need key = value or [section]");
  EXPECT_EQ(refusal("= 3"), "a.ini:1: '= 3', need key = value or [section]");
  EXPECT_EQ(refusal("\n[input\n"), "a.ini:2: '[input', need ']' at the end of a section's name");
  EXPECT_EQ(refusal("[input = 3"),
            "a.ini:1: '[input = 3', need ']' at the end of a section's name");
  EXPECT_EQ(refusal("[inptu]"), "a.ini:1: unknown section '[inptu]' (did you mean 'input'?)");
  for (const char* header : {"[]", "[ input ]", "[input.]", "[input]]"})
    EXPECT_TRUE(refusal(header).starts_with("a.ini:1: unknown section ")) << refusal(header);
}

TEST(IniText, bytes_that_are_no_text_are_refused) {
  for (const std::string& line :
       {"seed = 1\0"s, "\x01"s, "a = \x1b[31m"s, "a = b\rc = d"s, "a = \xff"s, "a = \xc0\xaf"s,
        "a = \xed\xa0\x80"s, "a = \xe2\x82"s, "# \x7f"s, "a = \xf4\x90\x80\x80"s,
        "a = \xc2\x9b"s}) {
    const std::string message = refusal("\n" + line + "\n");
    EXPECT_TRUE(message.starts_with("a.ini:2: '")) << message;
    EXPECT_TRUE(message.ends_with("need UTF-8 text without control characters")) << message;
  }
  EXPECT_EQ(read("title = Gl\xc3\xa4tte \xe2\x82\xac \xf0\x9f\x98\x80\t!").at(0).value,
            "Gl\xc3\xa4tte \xe2\x82\xac \xf0\x9f\x98\x80\t!");
}

TEST(IniText, sizes_are_limited) {
  const std::string longest = "title = " + std::string(64 * 1024 - 8, 'x');

  EXPECT_EQ(read(longest + "\r\n").size(), 1U);
  EXPECT_EQ(refusal("\n\n" + longest + "x"), "a.ini:3: a line of 65537 bytes, need at most 65536");
  EXPECT_EQ(refusal(std::string(most_job_bytes + 1, '\n')),
            "a.ini: more than 1048576 bytes, too large for a job file");
  EXPECT_TRUE(read(std::string(most_job_bytes, '\n')).empty());
}

}  // namespace
}  // namespace ntkflow
