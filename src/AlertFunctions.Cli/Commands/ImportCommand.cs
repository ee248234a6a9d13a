using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using AlertFunctions.Cli.KubeAudit;
using AlertFunctions.Cli.Results;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands;

/// <summary>Turns other programs' logs into records of Log Analytics tables.</summary>
internal static class ImportCommand
{
    private static readonly JsonWriterOptions RowOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
    };

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static Command Create(CommandHost host) => new("import", "Turn other programs' logs into records of Log Analytics tables.")
    {
        CreateKubeAudit(host),
    };

    private static Command CreateKubeAudit(CommandHost host)
    {
        var files = new Argument<string[]>("FILES")
        {
            Description = "Audit logs of kube-apiserver: JSON lines, arrays or EventLists, plain or gzip.",
            Arity = ArgumentArity.OneOrMore,
        };
        var folder = new Option<string>("--out")
        {
            Description = "Where AKSAudit.jsonl and AKSAuditAdmin.jsonl are written.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => Path.Combine("out", "data"),
        };
        var cluster = new Option<string?>("--cluster")
        {
            Description = "The Azure resource id of the cluster, for the records' _ResourceId.",
            HelpName = "ID",
        };
        var output = SharedOptions.TableOrJson();
        var command = new Command("kube-audit", "Turn kube-apiserver audit events into AKSAudit and AKSAuditAdmin records.")
        {
            files, folder, cluster, output,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () => ImportKubeAudit(
                host,
                parsed.GetRequiredValue(files),
                parsed.GetRequiredValue(folder),
                parsed.GetValue(cluster),
                parsed.GetValue(output),
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static int ImportKubeAudit(
        CommandHost host,
        string[] files,
        string folder,
        string? cluster,
        OutputFormat format,
        CancellationToken cancellationToken)
    {
        foreach (var file in files.Where(file => !File.Exists(file)))
        {
            throw new CommandFault($"There is no file {file}.", ExitCode.Usage);
        }

        Directory.CreateDirectory(folder);
        var (auditPath, adminPath) = (Path.GetFullPath("AKSAudit.jsonl", Path.GetFullPath(folder)), Path.GetFullPath("AKSAuditAdmin.jsonl", Path.GetFullPath(folder)));
        if (files.FirstOrDefault(file => Path.GetFullPath(file) is var full && (full == auditPath || full == adminPath)) is { } output)
        {
            throw new CommandFault($"{output} would be overwritten by its own import; name another folder with --out.", ExitCode.Usage);
        }

        var (all, administrative, malformed) = (0L, 0L, 0L);
        using (var audit = new RowFile(auditPath))
        using (var admin = new RowFile(adminPath))
        {
            foreach (var file in files)
            {
                foreach (var record in JsonRecords.Read(file))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var fault = record.Fault;
                    if (record.Value is not { } value || !AksAuditRow.TryCreate(value, out var row, out fault))
                    {
                        host.Error.WriteLine($"{file}:{record.Line}: {fault}");
                        malformed++;
                        continue;
                    }

                    audit.Write(row, "AKSAudit", cluster);
                    all++;
                    if (row.IsAdministrative)
                    {
                        admin.Write(row, "AKSAuditAdmin", cluster);
                        administrative++;
                    }
                }
            }
        }

        if (format == OutputFormat.Json)
        {
            host.Output.WriteJson(json =>
            {
                json.WriteStartObject();
                json.WriteString("folder", folder);
                json.WriteNumber("AKSAudit", all);
                json.WriteNumber("AKSAuditAdmin", administrative);
                json.WriteNumber("malformed", malformed);
                json.WriteEndObject();
            });
        }
        else
        {
            host.Output.WriteLine($"{all} events of {Plural.Of(files.Length, "file")}: {all} records of AKSAudit and {administrative} of AKSAuditAdmin in {folder}.");
            host.Output.WriteLine($"Look at them with: alertfn run --once --data {folder}");
        }

        if (malformed > 0)
        {
            host.Error.WriteLine($"{Plural.Of(malformed, "malformed event")} left out.");
            return ExitCode.Failed;
        }

        return ExitCode.Clean;
    }

    /// <summary>A file of JSON lines.</summary>
    private sealed class RowFile(string path) : IDisposable
    {
        private readonly FileStream _file = File.Create(path);

        public void Write(AksAuditRow row, string table, string? cluster)
        {
            using (var writer = new Utf8JsonWriter(_file, RowOptions))
            {
                row.WriteTo(writer, table, cluster);
            }

            _file.Write(LineEnd);
        }

        public void Dispose() => _file.Dispose();
    }
}
