//! Which metric of which kind is worth waking somebody, and from where on.
//!
//! Thresholds are the usual ones of AWS's own recommended alarms; what depends on a thing's settings is computed from them.

use crate::derive::operations::{Comparison, Dimension};
use crate::text::Wording;

/// How a threshold comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Threshold {
    /// Always the same.
    Fixed(u64),
    /// The seconds of a setting, otherwise so many.
    Seconds(&'static str, u64),
    /// This many percent of a setting of data, in bytes.
    ShareOfBytes(&'static str, u64),
    /// 80 % of the connections the database's memory allows: its bytes divided by this, at most 5000.
    Connections(u64),
    /// This many percent of a setting of time, in milliseconds.
    ShareOfTime(&'static str, u64),
}

/// Of which things of a kind a row speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Only {
    /// All.
    All,
    /// Those behind a load balancer.
    Balanced,
    /// Queues that take what failed elsewhere.
    DeadLetters,
    /// Queues that do not.
    LiveQueues,
}

/// One alarm of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub kinds: &'static [&'static str],
    pub only: Only,
    pub id: &'static str,
    pub namespace: &'static str,
    pub metric: &'static str,
    pub statistic: &'static str,
    pub comparison: Comparison,
    pub threshold: Threshold,
    /// Seconds of one measurement, and how many in a row.
    pub window: (u64, u64),
    pub dimension: Dimension,
    pub why: Wording,
}

const BASE: Row = Row {
    kinds: &[],
    only: Only::All,
    id: "",
    namespace: "",
    metric: "",
    statistic: "Sum",
    comparison: Comparison::Above,
    threshold: Threshold::Fixed(0),
    window: (300, 1),
    dimension: Dimension::Own(""),
    why: Wording::new("", ""),
};

const BALANCED: Row =
    Row { only: Only::Balanced, namespace: "AWS/ApplicationELB", dimension: Dimension::TargetGroup, ..BASE };
const INSTANCE: Row = Row {
    namespace: "AWS/RDS",
    dimension: Dimension::Own("DBInstanceIdentifier"),
    statistic: "Average",
    window: (300, 3),
    ..BASE
};
const CLUSTER: Row = Row { dimension: Dimension::Own("DBClusterIdentifier"), ..INSTANCE };
const QUEUE: Row =
    Row { namespace: "AWS/SQS", dimension: Dimension::Own("QueueName"), statistic: "Maximum", ..BASE };
const FUNCTION: Row = Row { namespace: "AWS/Lambda", dimension: Dimension::Own("FunctionName"), ..BASE };
const TABLE: Row = Row { namespace: "AWS/DynamoDB", dimension: Dimension::Own("TableName"), ..BASE };
const CACHE: Row = Row {
    namespace: "AWS/ElastiCache",
    dimension: Dimension::Own("ReplicationGroupId"),
    statistic: "Average",
    window: (300, 3),
    ..BASE
};

/// Every alarm, in the order they are listed.
pub(super) const ROWS: &[Row] = &[
    Row {
        kinds: &["ec2_service", "ecs_fargate", "eks"],
        id: "unhealthy",
        metric: "UnHealthyHostCount",
        statistic: "Maximum",
        window: (60, 5),
        why: Wording::new(
            "units fail their health check",
            "hay unidades que no pasan su comprobación de salud",
        ),
        ..BALANCED
    },
    Row {
        kinds: &["ec2_service", "ecs_fargate", "eks"],
        id: "errors",
        metric: "HTTPCode_Target_5XX_Count",
        threshold: Threshold::Fixed(10),
        why: Wording::new(
            "the service answers with server errors",
            "el servicio responde con errores de servidor",
        ),
        ..BALANCED
    },
    Row {
        kinds: &["alb"],
        id: "errors",
        namespace: "AWS/ApplicationELB",
        metric: "HTTPCode_ELB_5XX_Count",
        threshold: Threshold::Fixed(10),
        dimension: Dimension::Own("LoadBalancer"),
        why: Wording::new(
            "the balancer finds no healthy unit",
            "el balanceador no encuentra ninguna unidad sana",
        ),
        ..BASE
    },
    Row {
        kinds: &["api_http"],
        id: "errors",
        namespace: "AWS/ApiGateway",
        metric: "5xx",
        threshold: Threshold::Fixed(10),
        dimension: Dimension::ApiStage,
        why: Wording::new("the API answers with server errors", "la API responde con errores de servidor"),
        ..BASE
    },
    Row {
        kinds: &["api_rest"],
        id: "errors",
        namespace: "AWS/ApiGateway",
        metric: "5XXError",
        threshold: Threshold::Fixed(10),
        dimension: Dimension::Own("ApiName"),
        why: Wording::new("the API answers with server errors", "la API responde con errores de servidor"),
        ..BASE
    },
    Row {
        kinds: &["cloudfront"],
        id: "errors",
        namespace: "AWS/CloudFront",
        metric: "5xxErrorRate",
        statistic: "Average",
        threshold: Threshold::Fixed(5),
        dimension: Dimension::Own("DistributionId"),
        why: Wording::new(
            "more than 5 % of the answers are server errors",
            "más del 5 % de las respuestas son errores de servidor",
        ),
        ..BASE
    },
    Row {
        kinds: &["rds_postgres", "rds_mysql"],
        id: "cpu",
        metric: "CPUUtilization",
        threshold: Threshold::Fixed(80),
        why: Wording::new("the database has no reserve", "la base de datos no tiene reserva"),
        ..INSTANCE
    },
    Row {
        kinds: &["rds_postgres", "rds_mysql"],
        id: "storage",
        metric: "FreeStorageSpace",
        statistic: "Minimum",
        comparison: Comparison::Below,
        threshold: Threshold::ShareOfBytes("storage", 15),
        window: (300, 1),
        why: Wording::new(
            "less than 15 % of the storage is free",
            "queda libre menos del 15 % del almacenamiento",
        ),
        ..INSTANCE
    },
    Row {
        kinds: &["rds_postgres"],
        id: "connections",
        metric: "DatabaseConnections",
        statistic: "Maximum",
        threshold: Threshold::Connections(9_531_392),
        why: Wording::new(
            "four fifths of the connections are taken",
            "están ocupados cuatro quintos de las conexiones",
        ),
        ..INSTANCE
    },
    Row {
        kinds: &["rds_mysql"],
        id: "connections",
        metric: "DatabaseConnections",
        statistic: "Maximum",
        threshold: Threshold::Connections(12_582_880),
        why: Wording::new(
            "four fifths of the connections are taken",
            "están ocupados cuatro quintos de las conexiones",
        ),
        ..INSTANCE
    },
    Row {
        kinds: &["aurora_serverless"],
        id: "capacity",
        metric: "ACUUtilization",
        threshold: Threshold::Fixed(90),
        why: Wording::new(
            "the cluster is near its largest capacity",
            "el clúster está cerca de su capacidad máxima",
        ),
        ..CLUSTER
    },
    Row {
        kinds: &["valkey"],
        id: "cpu",
        metric: "EngineCPUUtilization",
        threshold: Threshold::Fixed(80),
        why: Wording::new("the cache has no reserve", "la caché no tiene reserva"),
        ..CACHE
    },
    Row {
        kinds: &["valkey"],
        id: "memory",
        metric: "DatabaseMemoryUsagePercentage",
        threshold: Threshold::Fixed(80),
        why: Wording::new(
            "the cache begins to drop what it holds",
            "la caché empieza a perder lo que guarda",
        ),
        ..CACHE
    },
    Row {
        kinds: &["opensearch"],
        id: "red",
        namespace: "AWS/ES",
        metric: "ClusterStatus.red",
        statistic: "Maximum",
        window: (60, 1),
        dimension: Dimension::Own("DomainName"),
        why: Wording::new("a primary shard is missing", "falta un fragmento primario"),
        ..BASE
    },
    Row {
        kinds: &["efs"],
        id: "io",
        namespace: "AWS/EFS",
        metric: "PercentIOLimit",
        statistic: "Average",
        threshold: Threshold::Fixed(90),
        window: (300, 3),
        dimension: Dimension::Own("FileSystemId"),
        why: Wording::new(
            "the file system is near its limit",
            "el sistema de archivos está cerca de su límite",
        ),
        ..BASE
    },
    Row {
        kinds: &["dynamodb"],
        id: "throttled",
        metric: "ThrottledRequests",
        why: Wording::new("requests are turned away", "se rechazan peticiones"),
        ..TABLE
    },
    Row {
        kinds: &["sqs"],
        only: Only::LiveQueues,
        id: "age",
        metric: "ApproximateAgeOfOldestMessage",
        threshold: Threshold::Seconds("max-age", 900),
        why: Wording::new("messages wait longer than they may", "los mensajes esperan más de lo permitido"),
        ..QUEUE
    },
    Row {
        kinds: &["sqs"],
        only: Only::DeadLetters,
        id: "depth",
        metric: "ApproximateNumberOfMessagesVisible",
        why: Wording::new("a message could not be processed", "un mensaje no se pudo procesar"),
        ..QUEUE
    },
    Row {
        kinds: &["lambda"],
        id: "errors",
        metric: "Errors",
        why: Wording::new("executions fail", "hay ejecuciones que fallan"),
        ..FUNCTION
    },
    Row {
        kinds: &["lambda"],
        id: "throttles",
        metric: "Throttles",
        why: Wording::new("executions are turned away", "se rechazan ejecuciones"),
        ..FUNCTION
    },
    Row {
        kinds: &["lambda"],
        id: "duration",
        metric: "Duration",
        statistic: "p99",
        threshold: Threshold::ShareOfTime("timeout", 80),
        window: (300, 3),
        why: Wording::new(
            "executions take four fifths of their time limit",
            "las ejecuciones consumen cuatro quintos de su tiempo límite",
        ),
        ..FUNCTION
    },
    Row {
        kinds: &["step_functions"],
        id: "failed",
        namespace: "AWS/States",
        metric: "ExecutionsFailed",
        dimension: Dimension::Own("StateMachineArn"),
        why: Wording::new("executions fail", "hay ejecuciones que fallan"),
        ..BASE
    },
    Row {
        kinds: &["kinesis"],
        id: "age",
        namespace: "AWS/Kinesis",
        metric: "GetRecords.IteratorAgeMilliseconds",
        statistic: "Maximum",
        threshold: Threshold::Fixed(60_000),
        window: (300, 3),
        dimension: Dimension::Own("StreamName"),
        why: Wording::new("consumers are a minute behind", "los consumidores llevan un minuto de retraso"),
        ..BASE
    },
    Row {
        kinds: &["firehose"],
        id: "freshness",
        namespace: "AWS/Firehose",
        metric: "DeliveryToS3.DataFreshness",
        statistic: "Maximum",
        threshold: Threshold::Fixed(900),
        window: (300, 3),
        dimension: Dimension::Own("DeliveryStreamName"),
        why: Wording::new(
            "delivery is a quarter of an hour behind",
            "la entrega lleva un cuarto de hora de retraso",
        ),
        ..BASE
    },
    Row {
        kinds: &["eventbridge"],
        id: "failed",
        namespace: "AWS/Events",
        metric: "FailedInvocations",
        dimension: Dimension::Own("EventBusName"),
        why: Wording::new("events do not reach their targets", "hay eventos que no llegan a su destino"),
        ..BASE
    },
    Row {
        kinds: &["sns"],
        id: "failed",
        namespace: "AWS/SNS",
        metric: "NumberOfNotificationsFailed",
        dimension: Dimension::Own("TopicName"),
        why: Wording::new(
            "messages do not reach their subscribers",
            "hay mensajes que no llegan a sus suscriptores",
        ),
        ..BASE
    },
    Row {
        kinds: &["nat"],
        id: "ports",
        namespace: "AWS/NATGateway",
        metric: "ErrorPortAllocation",
        dimension: Dimension::Own("NatGatewayId"),
        why: Wording::new(
            "no port is left for a new connection",
            "no quedan puertos para una conexión nueva",
        ),
        ..BASE
    },
    Row {
        kinds: &["backup"],
        id: "failed",
        namespace: "AWS/Backup",
        metric: "NumberOfBackupJobsFailed",
        window: (3_600, 1),
        dimension: Dimension::Own("BackupVaultName"),
        why: Wording::new("a backup failed", "falló una copia de seguridad"),
        ..BASE
    },
];
