"""Path parameters."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from leia_nb.service.schemas.types import ID, SEGMENT, SEGMENTS, Tag, constraint

ModelId = Annotated[str, SEGMENT, Path(description="The id or the short name of the model.")]
DocumentId = Annotated[str, SEGMENT, Path(description="The id of the document.")]
DocumentIds = Annotated[str, SEGMENTS, Path(description="Ids separated by commas.")]
AnnotationId = Annotated[str, SEGMENT, Path(description="The id of the annotation.")]
JobId = Annotated[str, SEGMENT, Path(description="The id of the job.")]
JobIds = Annotated[str, SEGMENTS, Path(description="Ids separated by commas.")]
ApplicationId = Annotated[str, SEGMENT, Path(description="The id of the application.")]
StrictApplicationId = Annotated[str, ID, Path(description="The id of the application.")]
OwnerId = Annotated[
    str, SEGMENT, Path(description="The application that the call acts for; it owns the objects.")
]
SubmitterId = Annotated[
    str,
    SEGMENT,
    Path(description="The application that submitted the job, or that the job works for."),
]
ScheduleId = Annotated[str, SEGMENT, Path(description="The id of the schedule.")]
WorkerType = Annotated[str, SEGMENT, Path(description="The type of job that the worker does.")]
ModelModule = Annotated[str, SEGMENT, Path(description="The trainer.")]
ApiKey = Annotated[str, constraint(pattern=r"^[^\u0000]+$"), Path(description="The API key.")]
NewTag = Annotated[Tag, Path(description="The tag.")]
OldTag = Annotated[str, Path(description="The tag.")]  # any string: it need not be a valid tag
