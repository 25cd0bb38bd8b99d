"""When: the flows that take what is due. Nothing else in the house may import Prefect."""
