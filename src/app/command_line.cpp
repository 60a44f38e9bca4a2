#include "ntkflow/app/command_line.hpp"

#include "ntkflow/base/error.hpp"
#include "ntkflow/base/text.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <sstream>

namespace ntkflow {
namespace {

namespace po = boost::program_options;

enum class Operand { none, job, archive, archive_and_copy, section };

struct OperandInfo {
  std::size_t least, most;  // how many arguments
  const char* shown;
};

OperandInfo info_of(Operand operand) {
  switch (operand) {
    case Operand::none:
      return {0, 0, ""};
    case Operand::job:
      return {1, 1, "JOB.ini"};
    case Operand::archive:
      return {1, 1, "FILE.h5"};
    case Operand::archive_and_copy:
      return {2, 2, "FILE.h5 COPY.h5"};
    case Operand::section:
      return {0, 1, "[section]"};
  }
  return {};
}

struct CommandInfo {
  const char* name;
  Command command;
  Operand operand;
  const char* meaning;
};

constexpr CommandInfo commands[] = {
    {"run", Command::run, Operand::job, "train, compare, archive; continues where it stopped"},
    {"kernel", Command::kernel, Operand::job, "only the kernel matrices of the training points"},
    {"spectrum", Command::spectrum, Operand::job, "only the points and the spectra"},
    {"estimate", Command::estimate, Operand::job,
     "memory, disk, work and time of a run, without running it"},
    {"validate", Command::validate, Operand::job,
     "check a job, print it with every default, name unmet assumptions"},
    {"inspect", Command::inspect, Operand::archive,
     "what an archive holds, and whether its checksums do"},
    {"pack", Command::pack, Operand::archive_and_copy, "a compressed copy of a finished archive"},
    {"keys", Command::keys, Operand::section, "every key of a job file, or of one [section]"},
    {"help", Command::help, Operand::none, "this text"},
    {"version", Command::version, Operand::none, "version of the program"},
};

bool makes_archive(Command command) {
  return command == Command::run || command == Command::kernel || command == Command::spectrum;
}

po::options_description options_of(Operand operand) {
  if (operand == Operand::archive) {
    po::options_description options("Option of inspect");
    options.add_options()("verify", "only what is committed, unit by unit, and whether it holds");
    return options;
  }
  po::options_description options("Options of run, kernel, spectrum, estimate, validate");
  if (operand == Operand::job) {
    auto add = options.add_options();
    add("set", po::value<std::vector<std::string>>()->composing()->value_name("section.key=value"),
        "another value for a key of the job file; may be repeated");
    add("output", po::value<std::string>()->value_name("FILE"), "another name for the archive");
    add("max-walltime", po::value<double>()->value_name("SECONDS"),
        "commit and stop after that time (exit code 75)");
    add("ranks", po::value<long long>()->value_name("P"), "of estimate: for so many ranks");
    add("fresh", "replace the archive that is there (not validate)");
    add("extend", po::value<std::string>()->value_name("T"),
        "go on from the job's finished archive to a later t_end, in a new one: --output (run "
        "only)");
  }
  return options;
}

const CommandInfo& find_command(const std::string& word) {
  if (word == "--help" || word == "-h") return find_command("help");
  if (word == "--version") return find_command("version");
  std::vector<std::string> names;
  for (const CommandInfo& info : commands) {
    if (word == info.name) return info;
    names.emplace_back(info.name);
  }
  throw Error(ExitCode::usage, fmt::format("unknown command '{}'{}; see ntkflow help", word,
                                           did_you_mean(word, names)));
}

std::vector<std::string> option_names(const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back("--" + option->long_name());
  return names;
}

po::variables_map parse_rest(const CommandInfo& info, int argc, const char* const* argv) {
  po::options_description all = options_of(info.operand);
  const std::vector<std::string> visible = option_names(all);
  all.add_options()("operand", po::value<std::vector<std::string>>());
  po::positional_options_description positions;
  positions.add("operand", -1);
  // A misspelt option is an error, not an abbreviation.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;

  po::variables_map values;
  try {
    const std::vector<std::string> arguments(argv + 2, argv + argc);
    po::store(
        po::command_line_parser(arguments).options(all).positional(positions).style(style).run(),
        values);
  } catch (const po::unknown_option& error) {
    throw Error(ExitCode::usage, fmt::format("ntkflow {}: unknown option '{}'{}; see ntkflow help",
                                             info.name, error.get_option_name(),
                                             did_you_mean(error.get_option_name(), visible)));
  } catch (const po::error& error) {
    throw Error(ExitCode::usage,
                fmt::format("ntkflow {}: {}; see ntkflow help", info.name, error.what()));
  }
  return values;
}

std::vector<std::string> read_operands(const CommandInfo& info, const po::variables_map& values) {
  std::vector<std::string> operands;
  if (values.count("operand") != 0) operands = values["operand"].as<std::vector<std::string>>();
  const auto [least, most, shown] = info_of(info.operand);
  if (operands.size() < least || operands.size() > most)
    throw Error(ExitCode::usage, fmt::format("ntkflow {}: expected {} argument, found {}; see "
                                             "ntkflow help",
                                             info.name, most, operands.size()));
  operands.resize(2);
  return operands;
}

double walltime_limit(const po::variables_map& values) {
  if (values.count("max-walltime") == 0) return 0.0;
  const double limit = values["max-walltime"].as<double>();
  if (!(limit > 0.0))
    throw Error(ExitCode::usage, fmt::format("--max-walltime = {}, need seconds > 0", limit));
  return limit;
}

Index wanted_ranks(const CommandInfo& info, const po::variables_map& values) {
  constexpr long long most = 1'000'000;
  if (values.count("ranks") == 0) return 0;
  const auto ranks = values["ranks"].as<long long>();
  if (info.command != Command::estimate)
    throw Error(ExitCode::usage,
                fmt::format("ntkflow {}: --ranks belongs to estimate; mpirun -n {} starts so many",
                            info.name, ranks));
  if (ranks < 1 || ranks > most)
    throw Error(ExitCode::usage, fmt::format("--ranks = {}, need 1 to {}", ranks, most));
  return ranks;
}

// What the options say about the output, and whether they go together.
void read_output_options(const CommandInfo& info, const po::variables_map& values,
                         CommandLine& result) {
  const auto refuse = [&](const char* problem) {
    throw Error(ExitCode::usage, fmt::format("ntkflow {}: {}", info.name, problem));
  };
  result.fresh = values.count("fresh") != 0;
  if (values.count("output") != 0) result.output = values["output"].as<std::string>();
  if (values.count("extend") != 0) result.extend = values["extend"].as<std::string>();
  if (result.fresh && !makes_archive(info.command)) refuse("--fresh replaces what a run has made");
  if (!result.extend) {
    if (result.output) result.overrides.push_back({"output", *result.output});
    return;
  }
  if (info.command != Command::run) refuse("--extend is for run");
  if (!result.output) refuse("--extend needs --output, the name of the longer run's archive");
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  CommandLine result;
  if (argc < 2) return result;
  const CommandInfo& info = find_command(argv[1]);
  const po::variables_map values = parse_rest(info, argc, argv);
  const std::vector<std::string> operands = read_operands(info, values);
  const std::string& operand = operands[0];

  result.command = info.command;
  if (info.operand == Operand::job) result.job = operand;
  if (info.operand == Operand::archive || info.operand == Operand::archive_and_copy)
    result.archive = operand;
  result.packed = operands[1];
  result.verify = values.count("verify") != 0;
  if (info.operand == Operand::section && !operand.empty()) result.section = operand;
  if (values.count("set") != 0)
    for (const std::string& text : values["set"].as<std::vector<std::string>>())
      result.overrides.push_back(parse_override(text));
  read_output_options(info, values, result);
  result.max_walltime_s = walltime_limit(values);
  result.ranks = wanted_ranks(info, values);
  return result;
}

bool is_distributed(Command command) {
  return makes_archive(command) || command == Command::estimate;
}

std::string command_name(Command command) {
  for (const CommandInfo& info : commands)
    if (info.command == command) return info.name;
  return "";
}

std::string help_text() {
  std::string text =
      "ntkflow: gradient flow of finite networks beside the dynamics of their tangent kernel\n\n"
      "  mpirun -n RANKS ntkflow run JOB.ini\n\nCommands\n";
  for (const CommandInfo& info : commands) {
    text +=
        fmt::format("  {:<9} {:<15} {}\n", info.name, info_of(info.operand).shown, info.meaning);
  }
  std::ostringstream options;
  options << options_of(Operand::job) << "\n" << options_of(Operand::archive);
  return text + "\n" + options.str();
}

}  // namespace ntkflow
