using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands.Rules;

/// <summary>Shows steps and refusals: + is new, ~ is changed, - is removed, ! is not done.</summary>
internal static class RulesReport
{
    public static void Write(Screen screen, AlertRulePlan plan, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            screen.WriteJson(json => Write(json, plan));
            return;
        }

        foreach (var step in plan.Steps)
        {
            Write(screen, step);
        }

        foreach (var refusal in plan.Refusals)
        {
            screen.WriteLine($"! {refusal.Subject}: {refusal.Reason}");
        }

        if (!plan.Refusals.IsEmpty)
        {
            screen.WriteLine("A detection that is no rule is evaluated by the app until it is one.");
        }

        screen.WriteLine(
            $"{Count<CreateRule>(plan.Steps)} new, {Count<UpdateRule>(plan.Steps)} changed, {Count<DeleteRule>(plan.Steps)} removed, "
            + $"{Count<KeepRule>(plan.Steps)} as they should be, {plan.Refusals.Length} not done.");
    }

    private static int Count<T>(ImmutableArray<AlertRuleStep> steps) => steps.OfType<T>().Count();

    private static void Write(Screen screen, AlertRuleStep step)
    {
        switch (step)
        {
            case CreateRule create:
                var form = AlertRuleForm.Of(create.Rule.Properties);
                screen.WriteLine($"+ {step.Name}  {step.Detection}");
                screen.WriteLine(
                    $"    severity {form["severity"]}, every {form["evaluationFrequency"]} over {form["windowSize"]}, one alert for each {form["condition.dimensions"]}");
                screen.WriteLine($"    reads {form["scopes"]}");
                screen.WriteLine($"    notifies {form["actions.actionGroups"]}");
                break;
            case UpdateRule update:
                screen.WriteLine($"~ {step.Name}  {step.Detection}{(update.ChangedElsewhere ? "  (changed by somebody else since it was written)" : "")}");
                foreach (var difference in update.Differences)
                {
                    Write(screen, difference);
                }

                break;
            case DeleteRule:
                screen.WriteLine($"- {step.Name}  {step.Detection}");
                break;
        }
    }

    private static void Write(Screen screen, AlertRuleDifference difference)
    {
        var (before, after) = (difference.Before ?? "", difference.After ?? "");
        if (!before.Contains('\n', StringComparison.Ordinal) && !after.Contains('\n', StringComparison.Ordinal))
        {
            screen.WriteLine($"    {difference.Property}: {difference.Before ?? "the default"} -> {difference.After ?? "the default"}");
            return;
        }

        screen.WriteLine($"    {difference.Property}:");
        foreach (var line in LineDifference.Of(before.Split('\n'), after.Split('\n')))
        {
            screen.WriteLine($"      {line}");
        }
    }

    private static void Write(Utf8JsonWriter json, AlertRulePlan plan)
    {
        json.WriteStartObject();
        json.WriteStartArray("steps");
        foreach (var step in plan.Steps)
        {
            json.WriteStartObject();
            json.WriteString("action", step switch
            {
                CreateRule => "create",
                UpdateRule => "update",
                DeleteRule => "delete",
                _ => "keep",
            });
            json.WriteString("name", step.Name);
            json.WriteString("detection", step.Detection);
            if (step is UpdateRule update)
            {
                json.WriteBoolean("changedElsewhere", update.ChangedElsewhere);
                json.WriteStartArray("differences");
                foreach (var difference in update.Differences)
                {
                    json.WriteStartObject();
                    json.WriteString("property", difference.Property);
                    json.WriteString("before", difference.Before);
                    json.WriteString("after", difference.After);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("refused");
        foreach (var refusal in plan.Refusals)
        {
            json.WriteStartObject();
            json.WriteString("subject", refusal.Subject);
            json.WriteString("reason", refusal.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
