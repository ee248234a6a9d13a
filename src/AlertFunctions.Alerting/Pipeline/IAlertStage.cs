namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// One step on the way from a group of alerts to its receiver. Takes an immutable batch and gives one; an empty batch ends the
/// chain. What a stage takes out of the batch goes into its <see cref="AlertBatch.Suppressed"/> with the reason.
/// </summary>
public interface IAlertStage
{
    Task<AlertBatch> ExecuteAsync(AlertBatch batch, CancellationToken cancellationToken);
}
