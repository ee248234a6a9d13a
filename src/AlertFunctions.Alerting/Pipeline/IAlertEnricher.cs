namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// Adds to an alert what people want to know and the query cannot say (a resource's owner, who a principal is). Runs after dedup, so
/// that nothing is looked up for what is not sent. It must not throw for what the world does: then the alert goes as it is.
/// </summary>
public interface IAlertEnricher
{
    Task<Alert> EnrichAsync(Alert alert, CancellationToken cancellationToken);
}
